"""Documents as PDF: typst sets the words, and a numbered one carries its Factur-X.

Only the worker and doors that write a document call this, and only then is typst loaded. The fonts
are those within typst (Libertinus Serif: Latin, Greek, Cyrillic); other scripts need a font beside
the templates. Every document is PDF/A-3b.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skypanel.invoices.render.factur_x import XML_NAME, is_e_invoice, xml_of
from skypanel.invoices.render.girocode import girocode
from skypanel.invoices.render.metadata import with_factur_x
from skypanel.invoices.render.words import statement_words, words

ASSETS = Path(__file__).parent.parent / "assets"


@dataclass(frozen=True, slots=True)
class Look:
    """How the company's documents look; the logo is an SVG."""

    accent: str = "#2563eb"
    logo: str = ""


def render(invoice: Mapping[str, Any], look: Look | None = None) -> bytes:
    """The PDF of an invoice as `queries.find` answers it."""
    said = words(invoice)
    said["qr"] = girocode(invoice)
    if not is_e_invoice(invoice):
        return typeset("invoice.typ", said, look or Look())
    said["attachment"] = {"name": XML_NAME, "content": xml_of(invoice).decode()}
    return with_factur_x(typeset("invoice.typ", said, look or Look()))


def render_statement(statement: Mapping[str, Any], look: Look | None = None) -> bytes:
    """The PDF of a statement as `queries.statement` answers it, with its seller."""
    return typeset("statement.typ", statement_words(statement), look or Look())


def typeset(template: str, said: Mapping[str, Any], look: Look) -> bytes:
    """A document of one of the templates; its text is never read as markup."""
    import typst  # noqa: PLC0415

    shown = {**said, "accent": look.accent, "logo": look.logo}
    made = typst.compile(
        (ASSETS / template).read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["a-3b"],
        sys_inputs={"said": json.dumps(shown)},
    )
    if not isinstance(made, bytes):
        raise TypeError("a document is one file")
    return made
