"""A PostgreSQL that answers: where it is, and the databases made and dropped on it."""

from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tools.ground import CannotGoOn

CONNECT_TIMEOUT_SECONDS = 5


class Server:
    """A PostgreSQL server by URL; one that was given is neither started nor stopped by us."""

    def __init__(self, url: str = "") -> None:
        self.url = url

    def __enter__(self) -> Self:
        """Fail now, in one sentence, when the given server does not answer."""
        try:
            with psycopg.connect(self.dsn(), connect_timeout=CONNECT_TIMEOUT_SECONDS):
                return self
        except psycopg.Error as error:
            raise CannotGoOn(
                f"The given PostgreSQL does not answer: {' '.join(str(error).split())}"
            ) from error

    def __exit__(self, *_: object) -> None:
        """Leave a given server as it is."""

    def dsn(self, database: str | None = None) -> str:
        """The `postgresql://` URL of a database; of the URL's own one when none is named."""
        parts = urlsplit(self.url)
        path = parts.path if database is None else f"/{database}"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, parts.fragment))

    def databases(self) -> list[str]:
        """The databases that exist, without templates."""
        with self._connect() as connection:
            rows = connection.execute(
                "select datname from pg_database where not datistemplate order by datname"
            )
            return [str(row[0]) for row in rows]

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database, a copy of `template` where one is named, and give its URL."""
        statement = sql.SQL("create database {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" template {}").format(sql.Identifier(template))
        with self._connect() as connection:
            connection.execute(statement)
        return self.dsn(name)

    def drop_database(self, name: str) -> None:
        """Drop a database with whoever is connected to it; one that is absent is fine."""
        statement = sql.SQL("drop database if exists {} with (force)")
        with self._connect() as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection:
        """A connection for statements that no transaction may hold."""
        return psycopg.connect(self.dsn(), autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS)
