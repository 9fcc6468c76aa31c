"""Work that is cut off at one of its waits, as a worker that is killed there."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Coroutine, Generator
from itertools import count
from typing import Any


@types.coroutine
def cut_off(work: Coroutine[Any, Any, None], at: int) -> Generator[Any, Any, bool]:
    """Let work run to its `at`-th wait (from 1) and no further; whether it was cut off.

    Its open transaction is rolled back, or lost with its connection; what it has committed stays.
    """
    for wait in count(1):
        try:
            wanted = work.send(None) if wait != at + 1 else work.throw(asyncio.CancelledError())
        except StopIteration:
            return False
        except BaseException:
            if wait <= at:
                raise
            return True
        yield wanted
    raise AssertionError
