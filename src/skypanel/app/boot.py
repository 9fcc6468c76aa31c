"""Boot settings: what must be known before anything starts. Closed when one is missing."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from skypanel.platform.crypto import parse_keys
from skypanel.platform.http.proxies import parse_networks

CLIENT_FOLDER = Path(__file__).resolve().parents[3] / "web" / "dist"


class BootRefused(Exception):
    """One sentence: which setting is missing or wrong, and what to do."""


class Boot(BaseSettings):
    """The environment of every process. No secret has a default."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    public_url: str = Field(validation_alias="PUBLIC_URL")
    secret_keys: SecretStr = Field(validation_alias="SKYPANEL_SECRET_KEYS")
    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8000, validation_alias="PORT", ge=1, le=65535)
    web_processes: int = Field(1, validation_alias="SKYPANEL_WEB_PROCESSES", ge=1, le=64)
    worker_processes: int = Field(1, validation_alias="SKYPANEL_WORKER_PROCESSES", ge=1, le=64)
    worker_concurrency: int = Field(8, validation_alias="SKYPANEL_WORKER_CONCURRENCY", ge=1)
    pool_size: int = Field(10, validation_alias="SKYPANEL_POOL_SIZE", ge=2, le=200)
    heartbeat_seconds: float = Field(10, validation_alias="SKYPANEL_HEARTBEAT_SECONDS", gt=0)
    log_level: str = Field("INFO", validation_alias="SKYPANEL_LOG_LEVEL")
    sandbox_port_base: int | None = Field(None, validation_alias="SANDBOX_PORT_BASE")
    sandbox_dir: Path | None = Field(None, validation_alias="SANDBOX_DIR")
    sandbox_engine: Literal["simulated", "qemu"] = Field(
        "simulated", validation_alias="SANDBOX_ENGINE"
    )
    sandbox_kit: Path | None = Field(None, validation_alias="SANDBOX_KIT")
    limit_reads: bool = Field(default=True, validation_alias="SKYPANEL_LIMIT_READS")
    trusted_proxies: str = Field("", validation_alias="SKYPANEL_TRUSTED_PROXIES")
    client_folder: Path = Field(CLIENT_FOLDER, validation_alias="SKYPANEL_CLIENT_FOLDER")

    @model_validator(mode="after")
    def _closed(self) -> Self:
        url = urlsplit(self.public_url)
        if url.scheme not in ("http", "https") or not url.hostname or url.path.strip("/"):
            raise ValueError("PUBLIC_URL must be the site's origin, like https://panel.example.com")
        if url.scheme == "http" and not _loopback(url.hostname):
            raise ValueError("PUBLIC_URL must be https unless it is this machine's own loopback")
        parse_keys(self.secret_keys.get_secret_value())
        try:
            parse_networks(self.trusted_proxies)
        except ValueError as error:
            raise ValueError(f"SKYPANEL_TRUSTED_PROXIES lists networks, but {error}") from None
        return self


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def boot() -> Boot:
    """Read the environment, or refuse with one sentence."""
    try:
        return Boot()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        said = str(first["msg"]).removeprefix("Value error, ")
        if first["type"] == "missing":
            said = "is not set: every process needs DATABASE_URL, PUBLIC_URL, SKYPANEL_SECRET_KEYS"
        raise BootRefused(f"{name}: {said}.") from None
