"""Alembic's entry: one transaction, short lock waits, one migration run at a time."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, text

from skypanel.app.models import metadata

LOCK = 7_201_847_001  # any fixed number: two migrate commands wait for each other


def include(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
    """The queue's own tables are made by its own schema."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run() -> None:
    """Migrate the database that the configuration names."""
    dsn = context.config.attributes["dsn"].replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(dsn)
    with engine.connect() as connection:
        connection.execute(text("set lock_timeout = '4s'"))
        connection.execute(text(f"select pg_advisory_lock({LOCK})"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata(),
            include_object=include,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(text(f"select pg_advisory_unlock({LOCK})"))
        connection.commit()
    engine.dispose()


run()
