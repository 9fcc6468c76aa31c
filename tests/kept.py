"""The database between tests: emptied, and filled again with what many of them begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

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
        where relname <> 'alembic_version' and schemaname <> 'kept' and pg_relation_size(relid) > 0
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
    drop schema if exists kept cascade;
    create schema kept;
    for each in
        select relid, schemaname, relname, format('%I.%I', schemaname, relname) as name
        from pg_stat_user_tables where relname <> 'alembic_version' and schemaname <> 'kept'
    loop
        execute 'select exists (select from ' || each.name || ')' into here;
        continue when not here;
        execute format('create unlogged table kept.%I as table %s', each.relname, each.name);
        select string_agg(format('%I', attname), ', ') into columns from pg_attribute
        where attrelid = each.relid and attnum > 0 and not attisdropped and attgenerated = '';
        back := back || format(
            'insert into %s (%s) overriding system value select %s from kept.%I;',
            each.name, columns, columns, each.relname);
    end loop;
    select back || coalesce(string_agg(
        format('perform setval(%L, %s);', format('%I.%I', schemaname, sequencename), last_value),
        ''), '')
    into back from pg_sequences where last_value is not null;
    execute format(
        'create procedure kept.put_back() language plpgsql as %L',
        'begin set local session_replication_role = replica; ' || back || ' end');
end $$
"""
PUT_BACK = "call kept.put_back()"


def empty(dsn: str) -> None:
    """Take every row out, and let every sequence begin anew."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(EMPTY)


@dataclass(frozen=True, slots=True)
class Kept:
    """A beginning in the schema `kept`: whoever is logged in then, and what else is known."""

    people: tuple[tuple[Person, tuple[Cookie, ...]], ...]
    facts: Any

    @classmethod
    def of(cls, world: World, people: tuple[Person, ...], facts: Any) -> Kept:
        """Keep the world's rows as they are now."""
        with psycopg.connect(world.dsn, autocommit=True) as connection:
            connection.execute(KEEP)
        return cls(tuple((each, tuple(each.http.cookies.jar)) for each in people), facts)

    def put_back(self, world: World) -> list[Person]:
        """Make the world's rows those again; the people, with browsers of their own."""
        with psycopg.connect(world.dsn, autocommit=True) as connection:
            connection.execute(EMPTY)
            connection.execute(PUT_BACK)
        world.house.cache.clear()
        return [world.returning(person, cookies) for person, cookies in self.people]
