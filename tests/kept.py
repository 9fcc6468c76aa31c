"""The database between tests: emptied, and filled again with what many of them begin with."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg

from skypanel.integrations.virtfusion.simulator.state import Call, Tables

if TYPE_CHECKING:
    from http.cookiejar import Cookie

    from tests.world import Person, World

# Few rows are quicker deleted than their files made anew; what has grown is truncated.
EMPTY = """
do $$
declare each record;
begin
    set local session_replication_role = replica;
    for each in
        select format('%I.%I', schemaname, relname) as name, pg_relation_size(relid) as bytes
        from pg_stat_user_tables
        where relname <> 'alembic_version' and schemaname !~ '^kept_' and pg_relation_size(relid) > 0
    loop
        if each.bytes > 256 * 1024 then
            execute 'truncate ' || each.name || ' cascade';
        else
            execute 'delete from ' || each.name;
        end if;
    end loop;
    perform setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    from pg_sequences where last_value is not null;
end $$
"""
KEEP = """
do $$
declare each record; columns text; back text := ''; here boolean;
begin
    drop schema if exists KEPT cascade;
    create schema KEPT;
    for each in
        select relid, schemaname, relname, format('%I.%I', schemaname, relname) as name
        from pg_stat_user_tables where relname <> 'alembic_version' and schemaname !~ '^kept_'
    loop
        execute 'select exists (select from ' || each.name || ')' into here;
        continue when not here;
        execute format('create unlogged table KEPT.%I as table %s', each.relname, each.name);
        select string_agg(format('%I', attname), ', ') into columns from pg_attribute
        where attrelid = each.relid and attnum > 0 and not attisdropped and attgenerated = '';
        back := back || format(
            'insert into %s (%s) overriding system value select %s from KEPT.%I;',
            each.name, columns, columns, each.relname);
    end loop;
    select back || coalesce(string_agg(
        format('perform setval(%L, %s);', format('%I.%I', schemaname, sequencename), last_value),
        ''), '')
    into back from pg_sequences where last_value is not null;
    execute format(
        'create procedure KEPT.put_back() language plpgsql as %L',
        'begin set local session_replication_role = replica; ' || back || ' end');
end $$
"""
_KEPT: dict[tuple[str, str], Kept] = {}


def empty(dsn: str) -> None:
    """Take every row out, and let every sequence begin anew."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(EMPTY)


@dataclass(frozen=True, slots=True)
class Kept:
    """A world as it was: its rows in a schema of their own, its panel, and the hour."""

    schema: str
    at: datetime
    tables: bytes
    calls: tuple[Call, ...]
    people: tuple[tuple[Person, tuple[Cookie, ...]], ...]
    facts: Any

    def put_back(self, world: World) -> tuple[list[Person], Any]:
        """Make the world that one again; who is logged in, and what else was known."""
        with psycopg.connect(world.dsn, autocommit=True) as connection:
            connection.execute(EMPTY)
            connection.execute(f"call {self.schema}.put_back()".encode())
        world.clock.at = world.desk.clock.at = self.at
        world.virtfusion.tables = msgspec.json.decode(self.tables, type=Tables)
        world.virtfusion.calls.extend(self.calls)
        world.house.cache.clear()
        people = [world.returning(person, cookies) for person, cookies in self.people]
        return people, deepcopy(self.facts)


def kept(world: World, name: str) -> Kept | None:
    """What was kept under this name."""
    return _KEPT.get((world.dsn, name))


def keep(world: World, name: str, people: Sequence[Person], facts: Any) -> None:
    """Keep the world as it is now, for other tests on this database to begin with."""
    schema = f"kept_{name}"
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        connection.execute(KEEP.replace("KEPT", schema).encode())
    _KEPT[world.dsn, name] = Kept(
        schema,
        world.clock.at,
        msgspec.json.encode(world.virtfusion.tables),
        tuple(world.virtfusion.calls),
        tuple((each, tuple(each.http.cookies.jar)) for each in people),
        deepcopy(facts),
    )
