"""Every door of the API, in one list."""

from __future__ import annotations

from fastapi import APIRouter

from skypanel.mail import admin as mail_admin
from skypanel.platform.http import live

API: tuple[APIRouter, ...] = (
    live.router,
    mail_admin.router,
)
ROOT: tuple[APIRouter, ...] = ()
