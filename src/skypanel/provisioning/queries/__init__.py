"""What staff and timers ask about creations, and about what may be taken over."""

from __future__ import annotations

from skypanel.provisioning.queries.adopt import adoption_of
from skypanel.provisioning.queries.creations import (
    CREATING,
    DUE,
    FORGOTTEN,
    astray,
    clearings_due,
    get,
    of_order,
    page,
    panel_entry,
    panel_side,
    resizes_due,
    server_of,
    unserved,
)
from skypanel.provisioning.queries.imports import (
    bound_refs,
    get_import,
    import_rows,
    imports_page,
    queued_ref,
    reading,
)

__all__ = [
    "CREATING",
    "DUE",
    "FORGOTTEN",
    "adoption_of",
    "astray",
    "bound_refs",
    "clearings_due",
    "get",
    "get_import",
    "import_rows",
    "imports_page",
    "of_order",
    "page",
    "panel_entry",
    "panel_side",
    "queued_ref",
    "reading",
    "resizes_due",
    "server_of",
    "unserved",
]
