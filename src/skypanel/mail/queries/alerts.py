"""What mail about alerts says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from skypanel.mail.queries.asking import Asking, Overtaken, user_of
from skypanel.mail.rules import MailKind
from skypanel.metrics.queries import get_alert

# What is watched, as the subject of a sentence.
_WHAT = {
    "cpu": "Processor use",
    "memory": "Memory use",
    "filesystem": "The fullest file system",
    "traffic": "Traffic of this period",
}


def _while(state: str) -> Callable[[Asking], Awaitable[dict[str, Any]]]:
    async def facts(asking: Asking) -> dict[str, Any]:
        alert = await get_alert(asking.read, asking.ids["alert_id"])
        if alert is None or alert["state"] != state:
            raise Overtaken("It is over by now.")
        ended = alert["cleared_at"] or asking.read.now
        minutes = int((ended - alert["raised_at"]).total_seconds() // 60)
        return {
            **await user_of(asking),
            "server": alert["label"] or alert["hostname"],
            "hostname": alert["hostname"],
            "is_down": alert["kind"] == "down",
            "what": _WHAT.get(alert["kind"], ""),
            "value": f"{alert['value']:.0f}",
            "threshold": alert["threshold"],
            "minutes": alert["minutes"],
            "raised_at": alert["raised_at"],
            "cleared_at": alert["cleared_at"],
            "lasted_minutes": minutes,
            "link": asking.link(f"/servers/{alert['server_id']}?tab=metrics"),
        }

    return facts


ALERT_FACTS: dict[str, Callable[[Asking], Awaitable[dict[str, Any]]]] = {
    MailKind.ALERT_RAISED: _while("raised"),
    MailKind.ALERT_CLEARED: _while("cleared"),
}
