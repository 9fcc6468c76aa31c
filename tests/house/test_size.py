"""What a visitor's browser loads first stays small."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tools.ground import ROOT


def test_first_pages_keep_to_their_size() -> None:
    if not (ROOT / "web" / "dist" / ".vite" / "manifest.json").is_file():
        pytest.skip("the client is not built: make build")
    command = [sys.executable, "-m", "tools.client", "npm", "run", "--silent", "size"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Landing" in said.stdout
