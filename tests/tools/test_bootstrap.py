"""Preparing a folder: what is pinned, what a second run costs, what a refusal says."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from tools.ground import CACHE, ROOT, CannotGoOn
from tools.ports import free_port

from tools import bootstrap, client

REQUIREMENTS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt")


def pinned(name: str) -> dict[str, str]:
    """Package → version of a requirement file."""
    found = re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / name).read_text())
    return {package.lower().replace("_", "-"): version for package, version in found}


def named(requirements: list[str]) -> set[str]:
    """The packages that requirements of pyproject.toml name."""
    names = (re.match(r"[A-Za-z0-9._-]+", one) for one in requirements)
    return {name[0].lower().replace("_", "-") for name in names if name}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed_and_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    for requirement in re.split(r"(?m)^(?=[A-Za-z])", text)[1:]:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_the_requirement_files_follow_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = named(project["project"]["dependencies"])
    optional = project["project"]["optional-dependencies"].values()
    rest = named([*chain(*optional, *project["dependency-groups"].values())])
    assert runtime - pinned("requirements.txt").keys() == set(), "run `make lock`"
    everything = runtime | rest
    assert everything - pinned("requirements-dev.txt").keys() == set(), "run `make lock`"
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()
    assert "pytest" not in pinned("requirements.txt")


@pytest.fixture
def empty_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with requirement files, and bootstrap pointed at it."""
    for name in (*REQUIREMENTS, "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name, path in {
        "ROOT": tmp_path,
        "CACHE": tmp_path / ".cache",
        "VENV": tmp_path / ".venv",
        "LOG": tmp_path / ".cache" / "bootstrap.log",
        "BUILD_REQUIREMENTS": tmp_path / "requirements-build.txt",
    }.items():
        monkeypatch.setattr(bootstrap, name, path)
    return tmp_path


def test_a_second_run_does_nothing_until_a_requirement_changes(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[str] = []

    def install(requirements: Path) -> None:
        installed.append(requirements.name)
        python = empty_project / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.unlink(missing_ok=True)
        python.symlink_to(sys.executable)

    monkeypatch.setattr(bootstrap, "install", install)
    assert bootstrap.main([]) == 0
    assert bootstrap.main([]) == 0
    assert installed == ["requirements-dev.txt"]
    with (empty_project / "requirements-dev.txt").open("a") as file:
        file.write("# changed\n")
    bootstrap.main([])
    assert len(installed) == 2
    bootstrap.main(["--runtime"])
    assert installed[2:] == ["requirements.txt"]
    (empty_project / ".venv" / "bin" / "python").unlink()  # its interpreter was removed
    bootstrap.main(["--runtime"])
    assert len(installed) == 4


def test_a_failed_installation_is_tried_again(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_requirements: Path) -> None:
        raise CannotGoOn("no")

    monkeypatch.setattr(bootstrap, "install", fail)
    for _ in range(2):
        with pytest.raises(CannotGoOn):
            bootstrap.main([])


def test_a_python_without_pip_and_venv_is_told_which_package_to_install(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(CannotGoOn, match="apt-get install python3-venv"):
        bootstrap.find_uv()


def test_without_a_new_enough_python_it_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    (folder / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "bootstrap", folder / "tools")
    path = tmp_path / "bin"
    path.mkdir()
    (path / "dirname").symlink_to(str(shutil.which("dirname")))
    old = path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    told = subprocess.run(
        ["/bin/sh", str(folder / "tools" / "bootstrap")],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("No Python 3.11 or newer was found:")
    assert told.stderr.count("\n") == 1


def test_no_network_says_so_and_names_the_package(
    empty_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = CACHE / "uv" / "bin" / "uv"
    uv = shutil.which("uv") or (str(own) if os.access(own, os.X_OK) else None)
    if uv is None:
        pytest.skip("no uv: this environment was not made by tools/bootstrap")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    target = str(empty_project / "target")
    with pytest.raises(CannotGoOn, match="no network to get six: connect") as refused:
        bootstrap.run_uv([uv, "pip", "install", "--target", target, "six"])
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("$ uv\nerror: No space left on device (os error 28)\n", "the disk is full"),
        (
            "$ pip\nERROR: No matching distribution found for uv==0.1 (from -r x)\n",
            "No matching distribution found for uv==0.1",
        ),
        (
            "$ uv\nerror: Failed to fetch: `x://h/simple/alembic/`\n  cause: dns error: failed\n",
            "no network to get alembic",
        ),
        (
            "$ uv\nerror: Failed to fetch: x://h/simple/a/\ncause: invalid peer certificate\n",
            "the certificate that a came with is not trusted",
        ),
        (
            "$ uv\nResolving…\n  \u00d7 No solution found: a needs b\n",
            "No solution found: a needs b",
        ),
        ("$ uv\n", "it gave no reason"),
    ],
)
def test_an_installers_words_become_a_sentence(output: str, sentence: str) -> None:
    assert sentence in bootstrap.cause(output)


def fake_node(folder: Path, version: str) -> Path:
    """A `node` that says its version."""
    folder.mkdir()
    node = folder / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)
    return node


@pytest.mark.parametrize(
    ("version", "taken"), [("v22.18.0", True), ("v24.1.0", True), ("v22.17.9", False)]
)
def test_the_machines_node_is_taken_only_when_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: bool
) -> None:
    node = fake_node(tmp_path / "bin", version)
    monkeypatch.setenv("PATH", str(node.parent))
    found = client.find_node()
    assert (found == node) is taken
    if not taken:
        assert found.read_bytes()[:4] == b"\x7fELF" or sys.platform != "linux"
        assert client.node_version(str(found)) >= client.OLDEST_NODE
