"""Giving an address back at the end of what is paid, or keeping it after all."""

from __future__ import annotations

from uuid import UUID

from skypanel.addresses.actions.bought import bill_anew, lock_extra, locked, tell
from skypanel.addresses.models import ExtraAddress
from skypanel.addresses.queries import Found
from skypanel.addresses.rules import ADDRESS_STATES, ENDED, paid_until
from skypanel.identity.actions import audit
from skypanel.platform.db import Db
from skypanel.platform.errors import FieldRefusal, VerbNotAllowed
from skypanel.platform.ids import new_id
from skypanel.platform.states import advance
from skypanel.renewals.actions import price_for_coming
from skypanel.services.actions import drop_addon, lock_service, return_addon

RETURNED, KEPT = "An address was given back.", "An address is kept after all."


async def give_back(db: Db, server_id: UUID, address: str) -> ExtraAddress:
    """Keep an address until the end of what is paid, and no longer. Publishes ExtraAddressChanged.

    It can be kept after all until then. Refuses what can't be given back.
    """
    found = await locked(db, server_id)
    standing = found.subject.standing
    if standing is None or address not in found.returnable:
        raise FieldRefusal("address", "This address can't be given back.", "address_unknown")
    row = await _row_of(db, server_id, found, address)
    assert row.service_addon_id is not None
    await drop_addon(db, row.service_addon_id)
    advance(db, row, ADDRESS_STATES, "give_back")
    row.ends_at = row.due_at = paid_until(standing)
    await db.flush()
    audit(db, "server.give_back_address", "server", server_id, account_id=row.account_id,
          about=address)  # fmt: skip
    await bill_anew(db, row.service_id, RETURNED)
    tell(db, row)
    return row


async def _row_of(db: Db, server_id: UUID, found: Found, address: str) -> ExtraAddress:
    """The row of an address that a server has; one that came with the order gets it now."""
    held = next((one for one in found.extras if one["address"] == address), None)
    if held is not None and held["state"] == "active":
        return await db.get_one(
            ExtraAddress, held["id"], with_for_update=True, populate_existing=True
        )
    sold = found.spare
    assert sold is not None
    row = ExtraAddress(
        id=new_id(),
        server_id=server_id,
        service_id=found.row["service_id"],
        account_id=found.row["account_id"],
        addon_id=sold.addon_id,
        price_version=sold.price_version,
        service_addon_id=sold.service_addon_id,
        name=sold.name,
        state="active",
        price_minor=sold.price_minor,
        price_exact=sold.price_exact,
        currency=sold.currency,
        address=address,
        created_at=db.now,
    )
    db.add(row)
    await db.flush()
    return row


async def keep(db: Db, extra_id: UUID) -> ExtraAddress:
    """Keep an address that was given back, before its end. Publishes ExtraAddressChanged.

    Refuses `verb_not_allowed`.
    """
    row = await lock_extra(db, extra_id)
    service = await lock_service(db, row.service_id)
    if row.ends_at is None or row.ends_at <= db.now or service.state in ENDED:
        raise VerbNotAllowed("It is too late to keep it.")
    advance(db, row, ADDRESS_STATES, "keep")
    assert row.service_addon_id is not None
    await return_addon(db, row.service_addon_id)
    await price_for_coming(db, row.service_id, row.service_addon_id)
    row.ends_at = row.due_at = None
    await db.flush()
    audit(db, "server.keep_address", "server", row.server_id, account_id=row.account_id,
          about=row.address)  # fmt: skip
    await bill_anew(db, row.service_id, KEPT)
    tell(db, row)
    return row
