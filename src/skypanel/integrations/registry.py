"""The vendors' clients of one process, made from their settings and made anew when those change."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import httpx

from skypanel.integrations.settings import (
    DnsSettings,
    PanelFound,
    PayPalSettings,
    SmtpSettings,
    ViesSettings,
    VirtFusionSettings,
)
from skypanel.integrations.virtfusion.capabilities import Capabilities
from skypanel.platform.gates import Gate, OpenGate, SharedGate
from skypanel.platform.outside import Unavailable

if TYPE_CHECKING:
    from skypanel.integrations.dns.client import Resolver
    from skypanel.integrations.paypal.client import PayPal
    from skypanel.integrations.smtp.client import Smtp
    from skypanel.integrations.vies.client import Vies
    from skypanel.integrations.virtfusion.client import VirtFusion
    from skypanel.platform.house import House

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
# Shorter than what the usual web servers keep: a connection is closed by us before it is by them.
KEEP_SECONDS = 30.0


@cache
def _authorities() -> ssl.SSLContext:
    """The certificates we trust: reading them takes a while, so once in a process."""
    return httpx.create_ssl_context()


class Vendors:
    """Typed access to VirtFusion, PayPal, the mail server and the register of VAT numbers.

    A vendor whose settings are missing is `Unavailable`: work that needs it waits and says so.
    """

    def __init__(
        self,
        house: House,
        *,
        mounts: Mapping[str, httpx.AsyncBaseTransport | None] | None = None,
        gated: bool = True,
    ) -> None:
        self._house = house
        self._mounts = mounts
        self._gated = gated
        self._opened: httpx.AsyncClient | None = None
        self._virtfusion: tuple[VirtFusionSettings, VirtFusion, VirtFusion] | None = None
        self._paypal: tuple[PayPalSettings, PayPal] | None = None
        self._smtp: tuple[SmtpSettings, Smtp] | None = None

    @property
    def _http(self) -> httpx.AsyncClient:
        """Made when first asked for, as most processes never ask."""
        if self._opened is None:
            self._opened = httpx.AsyncClient(
                mounts=self._mounts,
                verify=_authorities(),
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                limits=httpx.Limits(
                    max_connections=20, max_keepalive_connections=10, keepalive_expiry=KEEP_SECONDS
                ),
                follow_redirects=False,
            )
        return self._opened

    @classmethod
    def of(cls, house: House) -> Vendors:
        """The registry of a house."""
        vendors = house.vendors
        assert isinstance(vendors, cls)
        return vendors

    async def virtfusion(self, *, patient: bool = False) -> VirtFusion:
        """The client of the panel; a patient one lets calls go first that somebody waits for."""
        wanted = await self._house.settings.get(VirtFusionSettings)
        if not wanted.ready:
            raise Unavailable("virtfusion", "is not set up yet: see Settings", code="not_set_up")
        if self._virtfusion is None or self._virtfusion[0] != wanted:
            gate: Gate = OpenGate()
            if self._gated:
                pace = wanted.calls_per_minute
                gate = SharedGate(self._house, "virtfusion", per_minute=pace)
            urgent = self.panel_at(wanted, gate)
            self._virtfusion = (wanted, urgent, self.panel_at(wanted, gate, patient=True))
        _, urgent, waits = self._virtfusion
        return waits if patient else urgent

    def panel_at(
        self, wanted: VirtFusionSettings, gate: Gate | None = None, *, patient: bool = False
    ) -> VirtFusion:
        """A client for settings that need not be stored: to try them, without any gate."""
        from skypanel.integrations.virtfusion.client import VirtFusion  # noqa: PLC0415

        token = wanted.token.get_secret_value()
        return VirtFusion(wanted.base_url, token, http=self._http, gate=gate, urgent=not patient)

    async def capabilities(self) -> Capabilities:
        """What the panel of these settings can do, as far as was found out; never asks it."""
        wanted = await self._house.settings.get(VirtFusionSettings)
        if wanted.panel_version != "detect":
            return Capabilities(since_7_1=wanted.panel_version == "since_7_1")
        found = await self._house.settings.get(PanelFound)
        same = found.fingerprint == wanted.fingerprint
        return Capabilities(since_7_1=found.since_7_1 if same else None)

    async def paypal(self) -> PayPal:
        """The client of PayPal."""
        from skypanel.integrations.paypal.client import PayPal  # noqa: PLC0415

        wanted = await self._house.settings.get(PayPalSettings)
        if not wanted.ready:
            raise Unavailable("paypal", "is not set up yet: see Settings", code="not_set_up")
        if self._paypal is None or self._paypal[0] != wanted:
            client = PayPal(
                wanted.base_url,
                wanted.client_id,
                wanted.client_secret.get_secret_value(),
                http=self._http,
                webhook_id=wanted.webhook_id,
                ipn_url=wanted.ipn_address,
                cert_hosts=wanted.cert_hosts,
                ca_pem=wanted.ca_pem or None,
                now=self._house.clock.now,
            )
            self._paypal = (wanted, client)
        return self._paypal[1]

    async def smtp(self) -> Smtp:
        """The client of the mail server."""
        from skypanel.integrations.smtp.client import Smtp  # noqa: PLC0415

        wanted = await self._house.settings.get(SmtpSettings)
        if not wanted.ready:
            raise Unavailable("smtp", "is not set up yet: see Settings", code="not_set_up")
        if self._smtp is None or self._smtp[0] != wanted:
            self._smtp = (wanted, Smtp(wanted))
        return self._smtp[1]

    async def vies(self) -> Vies:
        """The client of the register of VAT numbers."""
        from skypanel.integrations.vies.client import Vies  # noqa: PLC0415

        wanted = await self._house.settings.get(ViesSettings)
        if not wanted.enabled or not wanted.base_url:
            raise Unavailable("vies", "is switched off: see Settings", code="not_set_up")
        return Vies(wanted.base_url, http=self._http, requester=wanted.requester)

    async def resolver(self) -> Resolver:
        """Whom to ask where a name leads to."""
        from skypanel.integrations.dns.client import Resolver  # noqa: PLC0415

        wanted = await self._house.settings.get(DnsSettings)
        return Resolver(wanted.nameservers, wanted.port)

    async def close(self) -> None:
        if self._paypal is not None:
            self._paypal[1].close()
        if self._opened is not None:
            await self._opened.aclose()
