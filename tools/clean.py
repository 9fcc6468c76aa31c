"""Remove what was built, cached and, of demos that do not run, kept."""

import shutil
import sys
from collections.abc import Sequence

from tools.accounts import remove_outside_folder
from tools.ground import CACHE, ROOT, RUN, CannotGoOn, exits, lock, shown

BUILT = (
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"),
    *("shots", "web/dist", "web/node_modules", ".venv"),
)


def main(arguments: Sequence[str]) -> int:
    """Leave only what git keeps; refuse while something of ours runs."""
    if arguments:
        raise CannotGoOn("`clean` takes no words.")
    held = [(path, lock(path)) for path in RUN.glob("**/lock")]
    for path, mine in held:
        if mine is None:
            raise CannotGoOn(f"Something runs in {shown(path.parent)}: stop it first.")
    for folder in (RUN, CACHE, *(ROOT / name for name in BUILT)):
        shutil.rmtree(folder, ignore_errors=True)
    for compiled in [*ROOT.glob("src/**/__pycache__"), *ROOT.glob("t*/**/__pycache__")]:
        shutil.rmtree(compiled, ignore_errors=True)
    remove_outside_folder()
    return 0


if __name__ == "__main__":
    sys.exit(exits(main))
