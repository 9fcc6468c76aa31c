"""What documents say, to people and to machines: golden texts, golden XML, and their form."""

from __future__ import annotations

import base64
import io
import json
import os
import re
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader

from skypanel.invoices.render import Look, render
from skypanel.invoices.render.factur_x import is_e_invoice, xml_of
from skypanel.invoices.render.girocode import girocode_text
from skypanel.invoices.render.metadata import MetadataUnknown, with_factur_x
from skypanel.invoices.rules import LogoWrong, SellerSettings, read_logo
from tests.invoices.bills import issue, line, pay
from tests.world import World

GOLDEN = Path(__file__).parent / "golden"
RENEW = os.environ.get("SKYPANEL_RENEW_GOLDEN") == "1"


def euro(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def sold(
    description: str,
    price: int,
    rate: str,
    tax: int,
    *,
    quantity: int = 1,
    detail: str | None = None,
    category: str | None = None,
) -> dict[str, Any]:
    return {
        "description": description,
        "detail": detail,
        "quantity": quantity,
        "unit_price": euro(price),
        "net": euro(price * quantity),
        "tax_rate": rate,
        "tax": euro(tax),
        "tax_category": category or ("S" if tax else "Z"),
        "period_start": None,
        "period_end": None,
    }


SELLER = {
    "name": "Nordlicht Hosting",
    "company": "Nordlicht Hosting GmbH",
    "line1": "Speicherstraße 14",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "tax_number": "DE811907980",
    "registration": "Amtsgericht Hamburg, HRB 102934",
    "email": "billing@nordlicht.example",
    "bank_name": "Hafenbank",
    "iban": "DE02 1203 0000 0000 2020 51",
    "bic": "BYLADEM1001",
    "note": "Thank you.",
}
BUYER = {
    "name": "Ada Byron",
    "company": "Łódź & Søns <Ltd>",
    "line1": "Ockham Park 1",
    "postal_code": "1010",
    "city": "Wien",
    "country": "AT",
    "tax_number": "ATU12345678",
    "email": "ada@example.com",
}
CX = sold("CX 3, Falkenstein", 9900, "0.19", 1881, detail="web-1.example, 1 month")
CX |= {
    "period_start": datetime(2026, 11, 1, tzinfo=UTC),
    "period_end": datetime(2026, 12, 1, tzinfo=UTC),
}
INVOICE: dict[str, Any] = {
    "kind": "tax",
    "becomes": "tax",
    "state": "open",
    "number": "INV-2026-000042",
    "proforma_number": "PRO-2026-000077",
    "currency": "EUR",
    "issued_on": date(2026, 11, 2),
    "due_on": date(2026, 11, 16),
    "paid_at": None,
    "net": euro(13490),
    "tax": euro(2062),
    "total": euro(15552),
    "open": euro(15552),
    "credited": euro(0),
    "tax_note": "",
    "reason": None,
    "corrects": None,
    "seller": SELLER,
    "buyer": BUYER,
    "lines": [
        CX,
        sold("Extra IPv4", 200, "0.19", 76, quantity=2),
        sold("Coupon WELCOME10", -990, "0.19", -188),
        sold("Handbook", 4180, "0.07", 293, detail="*not* #markup"),
    ],
}


def as_credit_note() -> dict[str, Any]:
    lines = [sold("Credit on INV-2026-000042", 1000, "0.19", 190)]
    return deepcopy(INVOICE) | {
        "kind": "credit_note",
        "becomes": "credit_note",
        "state": "issued",
        "number": "CN-2026-000003",
        "proforma_number": None,
        "net": euro(1000),
        "tax": euro(190),
        "total": euro(1190),
        "open": euro(0),
        "lines": lines,
        "reason": "Down for three days",
        "corrects": {"id": None, "number": "INV-2026-000042"},
    }


def as_receipt() -> dict[str, Any]:
    return deepcopy(INVOICE) | {
        "kind": "receipt",
        "becomes": "receipt",
        "state": "paid",
        "number": "REC-2026-000007",
        "paid_at": datetime(2026, 11, 3, tzinfo=UTC),
        "net": euro(5000),
        "tax": euro(0),
        "total": euro(5000),
        "open": euro(0),
        "lines": [sold("Wallet top-up", 5000, "0", 0)],
    }


def as_reverse_charge() -> dict[str, Any]:
    lines = [sold("CX 3", 9900, "0", 0, category="AE")]
    note = "Reverse charge: the recipient owes the VAT (Article 196, Directive 2006/112/EC)."
    return deepcopy(INVOICE) | {
        "net": euro(9900),
        "tax": euro(0),
        "total": euro(9900),
        "open": euro(0),
        "state": "paid",
        "paid_at": datetime(2026, 11, 3, tzinfo=UTC),
        "lines": lines,
        "tax_note": note,
    }


DOCUMENTS = {
    "invoice": deepcopy(INVOICE),
    "credit_note": as_credit_note(),
    "receipt": as_receipt(),
    "reverse_charge": as_reverse_charge(),
}
for each in DOCUMENTS.values():
    rates: dict[str, list[int]] = {}
    for one in each["lines"]:
        sums = rates.setdefault(one["tax_rate"], [0, 0])
        sums[0] += one["net"]["minor"]
        sums[1] += one["tax"]["minor"]
    assert sum(net for net, _ in rates.values()) == each["net"]["minor"]
    assert sum(tax for _, tax in rates.values()) == each["tax"]["minor"]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def agrees(name: str, said: str) -> None:
    """The same as the golden file; SKYPANEL_RENEW_GOLDEN=1 writes it anew, to be read."""
    path = GOLDEN / name
    if RENEW:
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_golden_text(name: str) -> None:
    agrees(f"{name}.txt", text_of(render(DOCUMENTS[name])) + "\n")


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "receipt"])
def test_golden_xml_is_valid_and_says_what_the_paper_says(name: str) -> None:
    xml = xml_of(DOCUMENTS[name])
    tree = etree.fromstring(xml)
    etree.indent(tree)
    agrees(f"{name}.xml", etree.tostring(tree, encoding="unicode") + "\n")
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")


@pytest.mark.parametrize("category", ["Z", "E", "AE", "O"])
def test_what_is_not_taxed_says_why(category: str) -> None:
    """As frozen on its lines; without a word for it on the document a plain one stands there."""
    untaxed = as_reverse_charge() | {
        "lines": [sold("CX 3", 9900, "0", 0, category=category)],
        "tax_note": "",
    }
    xml = xml_of(untaxed)
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    tax = etree.fromstring(xml).find(".//{*}ApplicableHeaderTradeSettlement/{*}ApplicableTradeTax")
    assert tax is not None
    assert tax.findtext("{*}CategoryCode") == category
    assert (tax.findtext("{*}ExemptionReason") is None) is (category == "Z")
    # What is not subject to VAT must name neither party's VAT number (BR-O-02).
    assert (b'schemeID="VA"' in xml) is (category != "O")
    assert (b"RateApplicablePercent" in xml) is (category != "O")


def test_the_xsd_is_asked_in_earnest() -> None:
    wrong = xml_of(INVOICE).replace(b"ram:GrandTotalAmount", b"ram:GrandestTotalAmount")
    with pytest.raises(Exception, match="GrandestTotalAmount"):
        xml_check_xsd(wrong, flavor="factur-x", level="en16931")


def test_the_pdf_is_a_factur_x() -> None:
    pdf = render(INVOICE, Look(accent="#0f766e"))
    name, xml = get_facturx_xml_from_pdf(pdf, check_xsd=True)
    assert (name, xml) == ("factur-x.xml", xml_of(INVOICE))
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    root: Any = reader.trailer["/Root"]
    attached: Any = root["/AF"][0].get_object()
    assert attached["/AFRelationship"] == "/Alternative"
    packet = root["/Metadata"].get_data().decode()
    etree.fromstring(re.sub(r"<\?xpacket.*?\?>", "", packet))
    for said in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<fx:DocumentType>INVOICE</fx:DocumentType>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<fx:Version>1.0</fx:Version>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
    ):
        assert said in packet, said
    # Every offset of the moved table points at its object.
    start = int(re.findall(rb"startxref\n(\d+)", pdf)[-1])
    offsets = re.findall(rb"(\d{10}) 00000 n", pdf[start:])
    for number, offset in enumerate(offsets, 1):
        assert pdf[int(offset) :].startswith(b"%d 0 obj" % number)


def test_the_same_invoice_gives_the_same_document() -> None:
    assert render(INVOICE) == render(INVOICE)


def test_metadata_refuses_a_pdf_it_does_not_know() -> None:
    with pytest.raises(MetadataUnknown):
        with_factur_x(b"%PDF-1.7 of another maker")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "proforma"},
        {"kind": "receipt"},
        {"currency": "KWD"},
        {"seller": SELLER | {"country": ""}},
        {"buyer": BUYER | {"country": None}},
        {"buyer": {}},
    ],
)
def test_what_the_standard_cannot_say_has_no_xml(change: dict[str, Any]) -> None:
    assert is_e_invoice(INVOICE)
    assert not is_e_invoice(INVOICE | change)


def test_the_code_for_a_transfer() -> None:
    assert girocode_text(INVOICE) == (
        "BCD\n002\n1\nSCT\nBYLADEM1001\nNordlicht Hosting GmbH\nDE02120300000000202051\n"
        "EUR155.52\n\n\nINV-2026-000042"
    )
    assert girocode_text(INVOICE | {"open": euro(0)}) is None
    assert girocode_text(INVOICE | {"open": {"minor": 5, "currency": "USD"}}) is None
    assert girocode_text(INVOICE | {"seller": SELLER | {"iban": ""}}) is None
    assert "Scan to pay" not in text_of(render(INVOICE | {"seller": SELLER | {"iban": ""}}))


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'


@pytest.mark.parametrize("content", [PNG, SVG.format('<circle r="4" fill="#f00"/>').encode()])
def test_a_logo_is_printed(content: bytes) -> None:
    said = text_of(render(INVOICE, Look(logo=read_logo(content))))
    assert said.splitlines()[0] == "Invoice"  # no name: the logo stands there


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\xff\xfe",
        PNG[:20],
        PNG[:16] + b"\x00\x01\x00\x00\x00\x01\x00\x00" + PNG[24:],
        b"<svg/>",
        SVG.format("<script>alert(1)</script>").encode(),
        SVG.format("<foreignObject/>").encode(),
        SVG.format('<g onload="alert(1)"/>').encode(),
        SVG.format('<use href="https://evil.example/x.svg#a"/>').encode(),
        SVG.format('<image href="file:///etc/passwd"/>').encode(),
        SVG.format('<rect style="fill: url(https://evil.example)"/>').encode(),
        SVG.format("<style>@import 'https://evil.example';</style>").encode(),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("").encode(),
        SVG.format("x" * 300_000).encode(),
    ],
)
def test_what_is_no_logo_is_refused(content: bytes) -> None:
    with pytest.raises(LogoWrong):
        read_logo(content)


async def test_staff_put_a_logo_on_documents(world: World) -> None:
    staff = await world.staff()
    path = "/api/v1/admin/invoice-logo"
    assert (await staff.http.get(path)).status_code == 404
    bad = await staff.http.put(path, json={"content": base64.b64encode(b"GIF89a").decode()})
    assert (bad.status_code, bad.json()["code"]) == (422, "logo_unusable")
    good = await staff.http.put(path, json={"content": base64.b64encode(PNG).decode()})
    assert good.status_code == 204, good.text
    world.house.cache.clear()
    shown = await staff.http.get(path)
    assert shown.headers["content-type"].startswith("image/svg+xml")
    assert "sandbox" in shown.headers["content-security-policy"]
    support = await world.staff("help@host.example", "support")
    assert (await support.http.delete(path)).status_code == 403
    assert (await staff.http.delete(path)).status_code == 204


def bare(value: Any) -> Any:
    """Without what differs from run to run."""
    if isinstance(value, dict):
        return {
            key: bare(each)
            for key, each in value.items()
            if key not in ("id", "proforma_number") and not key.endswith("_id")
        }
    return [bare(each) for each in value] if isinstance(value, list) else value


async def test_golden_json_and_its_documents(world: World) -> None:
    async with world.house.transaction() as db:
        known = {
            name: value for name, value in SELLER.items() if name in SellerSettings.model_fields
        }
        await world.house.settings.put(db, SellerSettings(**known))
    world.house.cache.clear()
    person = await world.customer()
    invoice = await pay(
        world, await issue(world, person, line(1000, quantity=2), line(-99, "0.07"))
    )
    await world.drain()
    answer = await person.http.get(f"/api/v1/invoices/{invoice.id}")
    agrees("invoice.json", json.dumps(bare(answer.json()), indent=1, sort_keys=True) + "\n")
    pdf = (await person.http.get(f"/api/v1/invoices/{invoice.id}/pdf")).content
    name, xml = get_facturx_xml_from_pdf(pdf, check_xsd=True)
    assert name == "factur-x.xml"
    assert b"<ram:DuePayableAmount>0.00</ram:DuePayableAmount>" in xml
    assert b'<ram:BilledQuantity unitCode="C62">-1</ram:BilledQuantity>' in xml
