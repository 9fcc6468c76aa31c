"""Holding what was seen against thresholds: each alert is raised once and cleared once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from skypanel.identity.actions import audit
from skypanel.metrics.events import AlertCleared, AlertDefaultsChanged, AlertRaised
from skypanel.metrics.models import Alert, AlertDefault, AlertRule
from skypanel.metrics.queries.standings import meant_to_be_off
from skypanel.metrics.rules import ALERT_STATES, Rule, Sample, Verdict, Watch, step, unset
from skypanel.platform.db import Db
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.servers.models import Server

RECOVERED, RULE_CHANGED, NOT_WATCHED = "recovered", "rule_changed", "not_watched"
REMEMBERED: Final = ("breaching_since", "calm_since", "seen_at", "quiet_until")
BATCH = 200


async def judge(db: Db, samples: Mapping[UUID, Sample]) -> None:
    """Hold samples against the thresholds of their servers."""
    rules = await _rules(db, samples, load=True)
    stopped = {
        rule.server_id
        for rule in rules
        if rule.kind == "down" and not samples[rule.server_id].running
    }
    meant = await meant_to_be_off(db, list(stopped)) if stopped else set()
    for rule in rules:
        sample = samples[rule.server_id]
        if rule.kind == "down":
            value: float | None = 100 * (rule.server_id in stopped - meant)
        else:
            told: int | None = getattr(sample, rule.kind)
            value = None if told is None else told / 10
        await _hold(db, rule, value, sample.at)


async def judge_traffic(db: Db, used: Mapping[UUID, float | None]) -> None:
    """Hold the share of the traffic that was used against its threshold."""
    for rule in await _rules(db, used, load=False):
        await _hold(db, rule, used[rule.server_id], db.now)


async def _rules(db: Db, server_ids: Collection[UUID], *, load: bool) -> Sequence[AlertRule]:
    kind = AlertRule.kind != "traffic" if load else AlertRule.kind == "traffic"
    found = await db.scalars(
        select(AlertRule)
        .where(AlertRule.server_id.in_(list(server_ids)), AlertRule.enabled, kind)
        .order_by(AlertRule.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def _hold(db: Db, row: AlertRule, value: float | None, at: datetime) -> None:
    rule = Rule(row.kind, row.threshold, timedelta(minutes=row.minutes))
    before = Watch(
        raised=row.alert_id is not None,
        **{name: getattr(row, name) for name in REMEMBERED},
    )
    after, verdict = step(rule, before, value, at)
    for name in REMEMBERED:
        setattr(row, name, getattr(after, name))
    if verdict is Verdict.RAISE:
        assert value is not None
        await _raise(db, row, value)
    elif verdict is Verdict.CLEAR and row.alert_id is not None:
        await _clear(db, row.alert_id, RECOVERED)
        row.alert_id = None


async def _raise(db: Db, row: AlertRule, value: float) -> None:
    """Publishes AlertRaised."""
    alert = Alert(
        id=new_id(),
        server_id=row.server_id,
        account_id=row.account_id,
        kind=row.kind,
        threshold=row.threshold,
        minutes=row.minutes,
        state="raised",
        value=round(value, 1),
        raised_at=db.now,
    )
    db.add(alert)
    await db.flush()
    row.alert_id = alert.id
    db.publish(AlertRaised(alert.id, alert.server_id, alert.account_id))


async def _clear(db: Db, alert_id: UUID, reason: str) -> None:
    """Publishes AlertCleared."""
    alert = await db.get(Alert, alert_id, with_for_update=True, populate_existing=True)
    if alert is None or alert.state != "raised":
        return
    advance(db, alert, ALERT_STATES, "clear", note=reason)
    alert.cleared_at, alert.reason = db.now, reason
    db.publish(AlertCleared(alert.id, alert.server_id, alert.account_id))


async def set_rules(
    db: Db, server_id: UUID, account_id: UUID, wanted: Mapping[str, Mapping[str, Any]]
) -> None:
    """Set a server's thresholds by kind; one that changes forgets what it saw.

    One that is not to be its own follows the account's. What was raised by a rule that is gone or
    changed is over. Publishes AlertCleared.
    """
    theirs = await _defaults(db, account_id)
    changed = await _set(
        db,
        server_id,
        account_id,
        {
            kind: dict(values) if values["own"] else theirs.get(kind) or unset(kind)
            for kind, values in wanted.items()
        },
    )
    if changed:
        audit(db, "server.alert_rules", "server", server_id, account_id=account_id, **changed)
    await db.flush()


async def _set(
    db: Db,
    server_id: UUID,
    account_id: UUID,
    wanted: Mapping[str, Mapping[str, Any]],
    *,
    inherited: bool = False,
) -> dict[str, Any]:
    """Write thresholds down; with `inherited` those of its own stay. What has changed."""
    known = {
        row.kind: row
        for row in await db.scalars(
            select(AlertRule).where(AlertRule.server_id == server_id).with_for_update()
        )
    }
    changed: dict[str, Any] = {}
    for kind, values in wanted.items():
        row = known.get(kind)
        if row is None:
            db.add(AlertRule(id=new_id(), server_id=server_id, account_id=account_id, kind=kind,
                             **values))  # fmt: skip
        elif inherited and row.own:
            continue
        elif any(getattr(row, name) != value for name, value in values.items()):
            await _move(db, row, values)
        else:
            continue
        changed[kind] = dict(values)
    await db.flush()
    return changed


async def _move(db: Db, row: AlertRule, values: Mapping[str, Any]) -> None:
    """Another threshold forgets what it saw; whose it is does not matter for that."""
    other = any(getattr(row, name) != values[name] for name in ("threshold", "minutes", "enabled"))
    for name, value in {**values, **(_forgotten() if other else {})}.items():
        setattr(row, name, value)
    if other and row.alert_id is not None:
        await _clear(db, row.alert_id, RULE_CHANGED)
        row.alert_id = None


async def _defaults(db: Db, account_id: UUID) -> dict[str, dict[str, Any]]:
    """What the account sets, as rules that are not a server's own."""
    rows = await db.scalars(select(AlertDefault).where(AlertDefault.account_id == account_id))
    return {
        row.kind: {
            "threshold": row.threshold,
            "minutes": row.minutes,
            "enabled": row.enabled,
            "own": False,
        }
        for row in rows
    }


async def set_defaults(db: Db, account_id: UUID, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Set the thresholds that an account's servers have unless they set their own.

    Publishes AlertDefaultsChanged.
    """
    for kind, values in wanted.items():
        row = insert(AlertDefault).values(account_id=account_id, kind=kind, **values)
        await db.execute(
            row.on_conflict_do_update(index_elements=["account_id", "kind"], set_=dict(values))
        )
    audit(db, "account.alert_defaults", "account", account_id, account_id=account_id,
          **{kind: dict(values) for kind, values in wanted.items()})  # fmt: skip
    db.publish(AlertDefaultsChanged(account_id))


async def inherit(db: Db, account_id: UUID, server_ids: Sequence[UUID]) -> None:
    """Let servers follow what their account sets, where nothing of their own is set.

    Publishes AlertCleared.
    """
    theirs = await _defaults(db, account_id)
    for server_id in server_ids if theirs else ():
        await _set(db, server_id, account_id, theirs, inherited=True)


async def heirs(db: Db, account_id: UUID, after: UUID) -> list[UUID]:
    """The next servers of an account that stand."""
    found = await db.scalars(
        select(Server.id)
        .where(
            Server.account_id == account_id,
            Server.id > after,
            Server.state.not_in(("deleting", "deleted")),
        )
        .order_by(Server.id)
        .limit(BATCH)
    )
    return list(found)


def _forgotten() -> dict[str, None]:
    return {name: value for name, value in asdict(Watch()).items() if name in REMEMBERED}


async def clear_idle(db: Db) -> None:
    """Alerts of servers that are no longer sampled are over. Publishes AlertCleared."""
    rows = await db.scalars(
        select(AlertRule)
        .join(Server, Server.id == AlertRule.server_id)
        .where(
            AlertRule.alert_id.is_not(None),
            (Server.state != "ready") | (Server.standing != "free"),
        )
        .order_by(AlertRule.id)
        .limit(BATCH)
        .with_for_update(of=AlertRule)
    )
    for row in rows:
        assert row.alert_id is not None
        await _clear(db, row.alert_id, NOT_WATCHED)
        row.alert_id = row.breaching_since = row.calm_since = None
