"""`skypanel doctor`: everything that this installation needs, checked, with what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import typer
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from skypanel.app.boot import Boot
from skypanel.app.composition import build_house
from skypanel.app.migrate import configuration
from skypanel.integrations.registry import Vendors
from skypanel.platform.house import House
from skypanel.platform.outside import OutsideError

POSTGRES_MIN = 150000
Check = Callable[[House], Awaitable[str]]


async def examine(settings: Boot) -> bool:
    """Run every check and print one line for each; true if nothing is wrong."""
    house = build_house(settings, "skypanel doctor")
    dsn = settings.database_url.get_secret_value()
    good = await _line("database", _database, house)
    if not good:
        return False

    async def schema(_: House) -> str:
        return _schema(dsn)

    try:
        for name, check in (
            ("schema", schema),
            ("VirtFusion", _virtfusion),
            ("PayPal", _paypal),
            ("mail server", _smtp),
        ):
            good = await _line(name, check, house) and good
    finally:
        await house.close()
    return good


async def _line(name: str, check: Check, house: House) -> bool:
    try:
        said = await check(house)
    except (OutsideError, LookupError) as error:
        typer.echo(f"✗ {name}: {error}")
        return False
    except Exception as error:  # noqa: BLE001 - a doctor reports whatever it meets
        typer.echo(f"✗ {name}: {type(error).__name__}: {error}")
        return False
    typer.echo(f"✓ {name}: {said}")
    return True


async def _database(house: House) -> str:
    await house.open(listen=False)
    async with house.pool.connection() as connection:
        cursor = await connection.execute("show server_version_num")
        row = await cursor.fetchone()
    assert row is not None
    if int(row[0]) < POSTGRES_MIN:
        raise LookupError(f"PostgreSQL {row[0]} is too old: 15 or newer is needed")
    return f"PostgreSQL {int(row[0]) // 10000} answers"


def _schema(dsn: str) -> str:
    wanted = ScriptDirectory.from_config(configuration(dsn)).get_current_head()
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    if found != wanted:
        raise LookupError(f"is {found}, should be {wanted}: run `skypanel migrate`")
    return f"is {found}, as this version wants"


async def _virtfusion(house: House) -> str:
    access = await (await Vendors.of(house).virtfusion()).connect()
    return f"answers, {access.packages} packages, {access.hypervisor_groups} hypervisor groups"


async def _paypal(house: House) -> str:
    await (await Vendors.of(house).paypal()).check()
    return "takes our credentials"


async def _smtp(house: House) -> str:
    await (await Vendors.of(house).smtp()).check()
    return "answers"
