"""Migrations, run from the program itself."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

SCRIPTS = Path(__file__).resolve().parents[3] / "migrations"


def configuration(dsn: str) -> Config:
    """Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["dsn"] = dsn
    return config


def upgrade(dsn: str) -> None:
    """Bring a database to the newest schema; two at once wait for each other."""
    command.upgrade(configuration(dsn), "head")
