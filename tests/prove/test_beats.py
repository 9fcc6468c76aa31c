"""The beats at which processes are killed are the code's own, and none of the crash tests' is missing."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

from tests.payments import test_crashes as payment_crashes
from tests.prove import beats
from tests.provisioning import test_crashes as provisioning_crashes


def found(beat: str) -> Any:
    module_name, path = beat.split(":")
    owner: Any = import_module(module_name)
    for name in path.split("."):
        owner = getattr(owner, name)
    return owner


@pytest.mark.parametrize("beat", [one for one in (*beats.DOORS, *beats.WORKER) if ":" in one])
def test_a_beat_is_a_function_that_waits(beat: str) -> None:
    assert inspect.iscoroutinefunction(found(beat)), beat


@pytest.mark.parametrize(
    ("proof", "crashes"),
    [
        (beats.PAYMENT, payment_crashes.BEATS),
        (beats.PROVISIONING, provisioning_crashes.BEATS),
    ],
)
def test_every_beat_of_the_crash_tests_is_among_them(proof: Any, crashes: Any) -> None:
    here = [found(beat) for beat in proof]
    assert [name for owner, name in crashes if getattr(owner, name) not in here] == []
