"""The API's document: what clients are made from."""

from __future__ import annotations

from collections import Counter

from skypanel.app.document import document


def test_no_two_operations_share_an_id() -> None:
    operations = [
        operation["operationId"]
        for path in document()["paths"].values()
        for operation in path.values()
        if "operationId" in operation
    ]
    assert len(operations) > 200
    assert [name for name, times in Counter(operations).items() if times > 1] == []
