"""Prepare this folder: a virtual environment with exactly the committed, hashed packages.

Only the standard library: this runs before anything is installed. A second run compares one
stamp and ends. `--runtime` leaves out what only developers and the sandbox need.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from tools.ground import (
    CACHE,
    ROOT,
    SYSTEM_CERTIFICATES,
    CannotGoOn,
    digest,
    exits,
    lock,
    say,
    shown,
    stamped,
    write_stamp,
)

VENV = ROOT / ".venv"
BUILD_REQUIREMENTS = ROOT / "requirements-build.txt"
LOG = CACHE / "bootstrap.log"


def main(arguments: Sequence[str]) -> int:
    """Make `.venv` what the requirement files say; say nothing when it already is."""
    runtime_only = "--runtime" in arguments
    requirements = ROOT / ("requirements.txt" if runtime_only else "requirements-dev.txt")
    for file in (requirements, BUILD_REQUIREMENTS):
        if not file.is_file():
            raise CannotGoOn(f"{file.name} is missing: get it back with `git checkout`.")
    wanted = wanted_stamp(requirements)
    stamp = VENV / "prepared-from"
    if stamped(stamp, wanted) and python_works(VENV):
        return 0
    held = lock(CACHE / "bootstrap.lock")
    if held is None:
        raise CannotGoOn("Another bootstrap is at work in this folder: wait until it ends.")
    with held:
        stamp.unlink(missing_ok=True)
        install(requirements)
        write_stamp(stamp, wanted)
    return 0


def wanted_stamp(requirements: Path) -> str:
    """What decides the environment: the packages, this Python, the project's own metadata."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    described = repr([project.get("project"), project.get("build-system")])
    hatch = repr(project.get("tool", {}).get("hatch"))
    version = ".".join(str(part) for part in sys.version_info[:2])
    return digest([requirements, BUILD_REQUIREMENTS], described, hatch, version, str(ROOT))


def python_works(venv: Path) -> bool:
    """Whether the environment's interpreter still exists (its own may have been removed)."""
    return os.access(venv / "bin" / "python", os.X_OK)


def install(requirements: Path) -> None:
    """Install the packages and, without its dependencies, the project itself as editable."""
    uv = find_uv()
    python = VENV / "bin" / "python"
    if not right_python(python):
        run_uv([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    say(f"Installing the packages of {requirements.name} (the first time takes a minute)…")
    into = ["--python", str(python)]
    # Where nothing may be compiled later, compile now: every start would pay for it otherwise.
    compiled = ["--compile-bytecode"] if sys.dont_write_bytecode else []
    run_uv([uv, "pip", "sync", *into, *compiled, "--require-hashes", str(requirements)])
    constraints = ["--build-constraints", str(BUILD_REQUIREMENTS)]
    run_uv([uv, "pip", "install", *into, "--no-deps", *constraints, "--editable", str(ROOT)])


def right_python(python: Path) -> bool:
    """Whether the environment runs, and on the same minor version as we do."""
    if not os.access(python, os.X_OK):
        return False
    asked = [str(python), "-c", "import sys; print(*sys.version_info[:2])"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def find_uv() -> str:
    """The uv on PATH, else one of our own in `.cache/uv`, installed by pip from a hashed file."""
    found = shutil.which("uv")
    if found:
        return found
    own = CACHE / "uv"
    for place in (own / "bin" / "uv", own / "venv" / "bin" / "uv"):
        if os.access(place, os.X_OK):
            return str(place)
    hashed = ["--require-hashes", "--requirement", str(BUILD_REQUIREMENTS)]
    say("Installing uv into .cache/uv…")
    if importlib.util.find_spec("pip"):
        run_pip([sys.executable, "-m", "pip", "install", "--target", str(own), *hashed])
        return str(own / "bin" / "uv")
    if importlib.util.find_spec("ensurepip"):
        venv = own / "venv"
        run_pip([sys.executable, "-m", "venv", "--clear", str(venv)])
        run_pip([str(venv / "bin" / "python"), "-m", "pip", "install", *hashed])
        return str(venv / "bin" / "uv")
    version = ".".join(str(part) for part in sys.version_info[:2])
    raise CannotGoOn(
        f"{sys.executable} has neither pip nor venv: install them (Debian and Ubuntu: "
        f"apt-get install python3-venv, or python{version}-venv) or put uv on PATH."
    )


DRAWN = re.compile(r"^[^\w/`'\"(]+|\s+$")  # the frames that installers draw around their words
TELLING = re.compile(r"error|failed|no solution|hash", re.IGNORECASE)


def run_pip(command: list[str]) -> None:
    """Run pip or venv quietly; its refusal becomes one sentence."""
    run(command, "uv could not be installed")


def run_uv(command: list[str]) -> None:
    """Run uv quietly; its refusal becomes one sentence."""
    run(command, "The Python packages could not be installed")


def run(command: list[str], trouble: str) -> None:
    """Run a quiet command with its output in the log; a refusal says what failed and why."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    environ = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}
    environ.pop("VIRTUAL_ENV", None)
    if any(bundle.is_file() for bundle in SYSTEM_CERTIFICATES):  # a company's own is among them
        environ.setdefault("UV_SYSTEM_CERTS", "1")
        environ.setdefault("UV_NATIVE_TLS", "1")  # its name in older versions
    with LOG.open("w+") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        try:
            ended = subprocess.run(
                command, stdout=log, stderr=log, cwd=ROOT, env=environ, check=False
            )
        except OSError as error:
            raise CannotGoOn(f"{trouble}: {error}.") from error
        log.seek(0)
        output = log.read()
    if ended.returncode != 0:
        raise CannotGoOn(f"{trouble}: {cause(output)} (all of it: {shown(LOG)})")


NETWORK = re.compile(
    r"dns error|failed to fetch|connection (refused|reset|error)|timed out|tunnel|"
    r"name resolution|no route to host|network is unreachable|error sending request",
    re.IGNORECASE,
)
WANTED = re.compile(
    r"(?:failed to (?:fetch|download)|no matching distribution found for|"
    r"could not find a version that satisfies the requirement)[:\s]+`?([^`\s(]+)",
    re.IGNORECASE,
)


def cause(output: str) -> str:
    """The sentence that a person needs out of an installer's output."""
    if "No space left" in output:
        return "the disk is full: free about 2 GB and run it again"
    wanted = WANTED.search(output)
    subject = wanted.group(1).rstrip("/").rsplit("/", 1)[-1] if wanted else "a package"
    if re.search(r"peer certificate|certificate verify failed", output):
        return f"the certificate that {subject} came with is not trusted: set SSL_CERT_FILE"
    if NETWORK.search(output):
        return f"no network to get {subject}: connect (or set HTTPS_PROXY) and run it again"
    lines = [DRAWN.sub("", line) for line in output.splitlines()[1:] if DRAWN.sub("", line)]
    telling = [line for line in lines if TELLING.search(line)]
    return (telling or lines or ["it gave no reason"])[0]


if __name__ == "__main__":
    sys.exit(exits(main))
