"""How the vendors are reached: typed sections that staff edit."""

from __future__ import annotations

import hashlib
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from skypanel.platform.settings import Section

PAYPAL_CERT_HOSTS = (
    "api.paypal.com",
    "api-m.paypal.com",
    "api.sandbox.paypal.com",
    "api-m.sandbox.paypal.com",
)


class VirtFusionSettings(Section):
    """The panel that makes the servers."""

    section: ClassVar[str] = "virtfusion"
    title: ClassVar[str] = "VirtFusion"
    base_url: str = Field(
        "", description="The panel's own address, such as https://panel.example.com."
    )
    token: SecretStr = Field(
        SecretStr(""), description="Made in the panel under Configuration > API."
    )
    calls_per_minute: int = Field(
        1200,
        ge=0,
        le=100_000,
        description="How often all of our processes together may ask, at most; 0 sets no limit."
        " Not more than the panel allows this token.",
    )
    panel_version: Literal["detect", "before_7_1", "since_7_1"] = Field(
        "detect", description="Say it here if the panel hides its status page from our token."
    )

    @property
    def ready(self) -> bool:
        return bool(self.base_url and self.token.get_secret_value())

    @property
    def fingerprint(self) -> str:
        """Which panel and token something was found out with; neither can be told from it."""
        told = f"{self.base_url}\n{self.token.get_secret_value()}\n{self.panel_version}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


class PanelFound(Section):
    """What was found out about the panel: not edited, renewed by a job."""

    section: ClassVar[str] = "virtfusion_found"
    title: ClassVar[str] = "What was found out about VirtFusion"
    fingerprint: str = ""
    since_7_1: bool | None = None
    healthy: bool | None = None
    looked_at: str = ""
    """RFC 3339, by the company's clock."""


class PanelHookSettings(Section):
    """What the panel shows when it tells us something: a secret path and a token."""

    section: ClassVar[str] = "virtfusion_hooks"
    title: ClassVar[str] = "What VirtFusion tells us"
    path: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")

    @property
    def ready(self) -> bool:
        return bool(self.path.get_secret_value() and self.token.get_secret_value())


class PayPalSettings(Section):
    """The merchant's PayPal app; `sdk_url` is the script for the button in the browser."""

    section: ClassVar[str] = "paypal"
    title: ClassVar[str] = "PayPal"
    base_url: str = "https://api-m.paypal.com"
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    webhook_id: str = ""
    environment: Literal["live", "sandbox"] = "live"
    cert_hosts: tuple[str, ...] = PAYPAL_CERT_HOSTS
    ca_pem: str = ""
    ipn: bool = False
    ipn_receiver: str = ""
    ipn_url: str = ""
    webhook_check: Literal["own", "postback"] = "own"
    sdk_url: str = "https://www.paypal.com/web-sdk/v6/core"

    @property
    def ipn_address(self) -> str:
        """Where an IPN is shown back to PayPal."""
        if self.ipn_url:
            return self.ipn_url
        sandbox = "sandbox." if self.environment == "sandbox" else ""
        return f"https://ipnpb.{sandbox}paypal.com/cgi-bin/webscr"

    @property
    def ready(self) -> bool:
        return bool(self.base_url and self.client_id and self.client_secret.get_secret_value())


class SmtpSettings(Section):
    """The mail server that takes our mail."""

    section: ClassVar[str] = "smtp"
    title: ClassVar[str] = "Mail server"
    host: str = ""
    port: int = 587
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    from_address: str = ""
    from_name: str = ""

    @property
    def ready(self) -> bool:
        return bool(self.host and self.from_address)


class ViesSettings(Section):
    """The EU's register of VAT numbers; with our own number in it each answer is a proof."""

    section: ClassVar[str] = "vies"
    title: ClassVar[str] = "VAT numbers (VIES)"
    enabled: bool = True
    base_url: str = "https://ec.europa.eu/taxation_customs/vies/rest-api"
    own_number: str = ""

    @property
    def requester(self) -> tuple[str, str] | None:
        """Our own number as the register wants it: prefix and rest."""
        return (self.own_number[:2], self.own_number[2:]) if self.own_number else None


class DnsSettings(Section):
    """Who is asked where a name leads to; without nameservers the machine's own resolver is."""

    section: ClassVar[str] = "dns"
    title: ClassVar[str] = "Name resolution"
    nameservers: tuple[str, ...] = ()
    port: int = 53
