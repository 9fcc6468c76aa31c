"""`skypanel`: serve, worker, migrate, admin create, doctor, and what the sandbox needs."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from skypanel.app.boot import BootRefused, boot

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
admin = typer.Typer(no_args_is_help=True, help="Staff accounts.")
cli.add_typer(admin, name="admin")


@cli.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Overrides PORT.")] = None,
    processes: Annotated[int | None, typer.Option(help="Overrides the process count.")] = None,
) -> None:
    """Answer the web: API, live stream and client."""
    from granian.constants import Interfaces, Loops  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    settings = boot()
    Server(
        "skypanel.app.start:create_app",
        factory=True,
        address=settings.host,
        port=port or settings.port,
        interface=Interfaces.ASGI,
        workers=processes or settings.web_processes,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        backlog=1024,
        log_level=LogLevels.warning,
        websockets=True,
    ).serve()


@cli.command()
def worker(
    processes: Annotated[int | None, typer.Option(help="Overrides the process count.")] = None,
) -> None:
    """Run jobs: payments, provisioning, mail, timers."""
    from skypanel.app.worker import Crew, run_one  # noqa: PLC0415

    count = processes or boot().worker_processes
    if count == 1:
        run_one()
    else:
        Crew(count).run()


@cli.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from skypanel.app.migrate import upgrade  # noqa: PLC0415

    upgrade(boot().database_url.get_secret_value())
    typer.echo("The database is up to date.")


@cli.command()
def openapi(
    path: Annotated[Path | None, typer.Argument(help="Where to write it.")] = None,
) -> None:
    """Write the API's OpenAPI document."""
    from skypanel.app.document import document  # noqa: PLC0415

    text = json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if path is None:
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")


@cli.command()
def sandbox() -> None:
    """Serve the vendors' simulators and their pages."""
    from skypanel.app.sandbox import run  # noqa: PLC0415

    asyncio.run(run(boot()))


@cli.command("demo-seed")
def demo_seed() -> None:
    """Fill an empty database with a believable hosting company."""
    from skypanel.app.seed import seed  # noqa: PLC0415
    from skypanel.platform import logging as house_logging  # noqa: PLC0415

    house_logging.configure("ERROR")
    asyncio.run(seed(boot()))


@admin.command("create")
def admin_create(
    email: str,
    name: Annotated[str, typer.Option()] = "Owner",
    role: Annotated[str, typer.Option()] = "owner",
) -> None:
    """Make a staff login; the password is asked for, or read from standard input."""
    from skypanel.app.staff import create  # noqa: PLC0415

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    asyncio.run(create(boot(), email=email, name=name, role=role, password=password))
    typer.echo(f"{email} can log in.")


@cli.command()
def doctor() -> None:
    """Check everything that this installation needs, and say what to do about what is wrong."""
    from skypanel.app.doctor import examine  # noqa: PLC0415

    raise typer.Exit(0 if asyncio.run(examine(boot())) else 1)


def main() -> None:
    """Run the command; a wrong environment is one sentence."""
    try:
        cli()
    except BootRefused as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
