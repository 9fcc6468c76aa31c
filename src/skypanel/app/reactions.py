"""Cause and effect on one page: event → jobs, and event → who looks again."""

from __future__ import annotations

from skypanel.platform.events import LiveTopics, Reactions

REACTIONS: Reactions = {}

LIVE: LiveTopics = {}
