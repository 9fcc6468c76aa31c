"""What is generated or derived and must agree with its source: API client, migrations."""

import base64
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.client import WEB, install, run_npm
from tools.ground import ROOT, CannotGoOn, digest, exits, say
from tools.postgres import Postgres, given_server

BIN = ROOT / ".venv" / "bin"
OPENAPI = WEB / "openapi.json"
GENERATED = WEB / "src" / "api" / "gen"


def boot_environ(database_url: str) -> dict[str, str]:
    """An environment in which the product's commands start, with keys of the moment."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return os.environ | {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": "http://localhost:8000",
        "SKYPANEL_SECRET_KEYS": f"k1:{key}",
    }


def run(environ: Mapping[str, str], trouble: str, *command: str) -> None:
    """Run a command of the environment with its words on our output."""
    if subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode != 0:
        raise CannotGoOn(trouble)


def generate_api() -> None:
    """Write web/openapi.json from the routes and the typed client from that."""
    environ = boot_environ("postgresql://nobody@127.0.0.1:1/none")  # no route asks it
    asked = [str(BIN / "skypanel"), "openapi"]
    answer = subprocess.run(asked, cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=False)
    if answer.returncode != 0 or not answer.stdout.lstrip().startswith(b"{"):
        raise CannotGoOn("`skypanel openapi` did not print the API's description.")
    OPENAPI.write_bytes(answer.stdout.rstrip() + b"\n")
    install()
    run_npm("run", "--silent", "api")


def generated_files() -> list[Path]:
    """The files that `generate_api` writes."""
    found = [path for path in GENERATED.rglob("*") if path.is_file()]
    return [*found, *([OPENAPI] if OPENAPI.is_file() else [])]


def check_api() -> None:
    """Refuse when the committed API client is not the one of the routes; it is fresh after."""
    before = digest(generated_files())
    generate_api()
    if digest(generated_files()) != before:
        raise CannotGoOn(
            "The API's description or client was out of date; `make api` has just renewed "
            "web/openapi.json and web/src/api/gen: look at the change and commit it."
        )


@contextmanager
def migrated() -> Iterator[Mapping[str, str]]:
    """An environment whose throw-away database all migrations have been applied to."""
    name = f"drift_{secrets.token_hex(4)}"
    folder = Path(tempfile.mkdtemp(prefix="skypanel-drift-"))
    with given_server("SKYPANEL_TEST_DATABASE_URL") or Postgres(folder, durable=False) as server:
        try:
            environ = boot_environ(server.create_database(name))
            run(
                environ,
                "The migrations fail on an empty database.",
                str(BIN / "skypanel"),
                "migrate",
            )
            yield environ
        finally:
            server.drop_database(name)
            shutil.rmtree(folder, ignore_errors=True)


def check_migrations() -> None:
    """Refuse when the tables in the code differ from what the migrations make."""
    with migrated() as environ:
        trouble = 'The migrations do not make the tables of the code: run `make migration m="…"`.'
        run(environ, trouble, str(BIN / "alembic"), "check")


def new_migration(message: str) -> None:
    """Write a migration from what the migrations make to what the code says."""
    with migrated() as environ:
        command = ("revision", "--autogenerate", "--message", message)
        run(environ, "Alembic wrote no migration.", str(BIN / "alembic"), *command)
    say("Read what was written before you commit it: renames look like a drop and an add.")


def main(arguments: Sequence[str]) -> int:
    """`api`, `check-api`, `check-migrations`, or `migration MESSAGE`."""
    match list(arguments):
        case ["api"]:
            generate_api()
        case ["check-api"]:
            check_api()
        case ["check-migrations"]:
            check_migrations()
        case ["migration", message] if message.strip():
            new_migration(message.strip())
        case _:
            raise CannotGoOn("Say `api`, `check-api`, `check-migrations` or `migration MESSAGE`.")
    return 0


if __name__ == "__main__":
    sys.exit(exits(main))
