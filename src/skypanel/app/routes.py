"""Every door of the API, in one list."""

from __future__ import annotations

from fastapi import APIRouter

from skypanel.platform.http import live

API: tuple[APIRouter, ...] = (live.router,)
ROOT: tuple[APIRouter, ...] = ()
