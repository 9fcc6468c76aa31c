"""Doing at the panel what was asked of a server, and tidying up."""

from __future__ import annotations

from skypanel.servers.jobs.around import look_at_server
from skypanel.servers.jobs.run import run_task
from skypanel.servers.jobs.timers import forget_old_passwords, tell_name, wake_stuck_tasks

__all__ = ["forget_old_passwords", "look_at_server", "run_task", "tell_name", "wake_stuck_tasks"]
