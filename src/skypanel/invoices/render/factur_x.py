"""The invoice for machines: UN/CEFACT CII in the profile EN 16931 of Factur-X.

Only documents with a final number have one, and only where the standard can say what they say: both
parties with a name and a country, and a currency of at most two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from skypanel.catalog.rules import TaxCategory
from skypanel.invoices.render.words import name_of
from skypanel.platform.money import Money, exponent

XML_NAME = "factur-x.xml"
GUIDELINE = "urn:cen.eu:en16931:2017"
TYPE_CODES = {"tax": "380", "credit_note": "381"}
SEPA_TRANSFER = "58"
# Why no tax is due, where the document has no sentence of its own for it.
REASONS = {
    "E": "Exempt from VAT",
    "AE": "Reverse charge",
    "K": "Intra-community supply",
    "G": "Export outside the EU",
    "O": "Not subject to VAT",
}
NOT_SUBJECT = TaxCategory.NOT_SUBJECT.value
DECIMALS_MAX = 2
NAMESPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"'
    ' xmlns:ram="urn:un:unece:uncefact:data:standard:'
    'ReusableAggregateBusinessInformationEntity:100"'
    ' xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)


def is_e_invoice(invoice: Mapping[str, Any]) -> bool:
    """Whether this document can be an electronic invoice."""
    parties = (invoice["seller"], invoice["buyer"])
    return (
        invoice["kind"] in TYPE_CODES
        and all(name_of(party) and party.get("country") for party in parties)
        and exponent(invoice["currency"]) <= DECIMALS_MAX
    )


def xml_of(invoice: Mapping[str, Any]) -> bytes:
    """The whole document."""
    body = _element(
        "rsm:CrossIndustryInvoice",
        _element(
            "rsm:ExchangedDocumentContext",
            _element("ram:GuidelineSpecifiedDocumentContextParameter", _text("ram:ID", GUIDELINE)),
        ),
        _document(invoice),
        _element(
            "rsm:SupplyChainTradeTransaction",
            *(_line(at, line) for at, line in enumerate(invoice["lines"], 1)),
            _element(
                "ram:ApplicableHeaderTradeAgreement",
                _seller(invoice),
                _party("ram:BuyerTradeParty", invoice["buyer"], numbered=_is_subject(invoice)),
            ),
            _element("ram:ApplicableHeaderTradeDelivery"),
            _settlement(invoice),
        ),
        attributes=f" {NAMESPACES}",
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()


def _element(name: str, *content: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{''.join(content)}</{name}>"


def _text(name: str, value: object, **attributes: str) -> str:
    """An element with text; nothing when there is no text."""
    if value in (None, ""):
        return ""
    told = "".join(f" {key}={quoteattr(said)}" for key, said in attributes.items())
    return f"<{name}{told}>{escape(str(value))}</{name}>"


def _on(name: str, when: date | datetime, kind: str = "udt:DateTimeString") -> str:
    return _element(name, _text(kind, f"{when:%Y%m%d}", format="102"))


def _amount(wire: Mapping[str, Any]) -> str:
    return f"{Money(wire['minor'], wire['currency']).major:f}"


def _percent(rate: str) -> str:
    return f"{(Decimal(rate) * 100).normalize():f}"


def _rate(category: str, rate: str) -> str:
    return "" if category == NOT_SUBJECT else _text("ram:RateApplicablePercent", _percent(rate))


def _by_tax(invoice: Mapping[str, Any]) -> list[tuple[str, str, Money, Money]]:
    """Category, rate, net and tax of each tax, as they stand on the lines; the highest first."""
    zero = Money.zero(invoice["currency"])
    found: dict[tuple[str, str], tuple[Money, Money]] = {}
    for line in invoice["lines"]:
        key = (line["tax_category"], line["tax_rate"])
        net, tax = found.get(key, (zero, zero))
        net += Money(line["net"]["minor"], zero.currency)
        tax += Money(line["tax"]["minor"], zero.currency)
        found[key] = (net, tax)
    ordered = sorted(found.items(), key=lambda item: (-Decimal(item[0][1]), item[0][0]))
    return [(category, rate, net, tax) for (category, rate), (net, tax) in ordered]


def _is_subject(invoice: Mapping[str, Any]) -> bool:
    """Whether VAT is spoken of at all: a document that is not must name nobody's VAT number."""
    return all(line["tax_category"] != NOT_SUBJECT for line in invoice["lines"])


def _document(invoice: Mapping[str, Any]) -> str:
    notes = (invoice["tax_note"], invoice["reason"] if invoice["corrects"] else "")
    return _element(
        "rsm:ExchangedDocument",
        _text("ram:ID", invoice["number"]),
        _text("ram:TypeCode", TYPE_CODES[invoice["kind"]]),
        _on("ram:IssueDateTime", invoice["issued_on"]),
        *(_element("ram:IncludedNote", _text("ram:Content", note)) for note in notes if note),
    )


def _line(at: int, line: Mapping[str, Any]) -> str:
    """A line; a price below nothing becomes a quantity below nothing, as the standard wants."""
    price, quantity = line["unit_price"], line["quantity"]
    if price["minor"] < 0:
        price, quantity = {**price, "minor": -price["minor"]}, -quantity
    rate, category = line["tax_rate"], line["tax_category"]
    period = ""
    if line["period_start"] and line["period_end"]:
        period = _element(
            "ram:BillingSpecifiedPeriod",
            _on("ram:StartDateTime", line["period_start"]),
            _on("ram:EndDateTime", line["period_end"]),
        )
    return _element(
        "ram:IncludedSupplyChainTradeLineItem",
        _element("ram:AssociatedDocumentLineDocument", _text("ram:LineID", at)),
        _element(
            "ram:SpecifiedTradeProduct",
            _text("ram:Name", line["description"]),
            _text("ram:Description", line["detail"]),
        ),
        _element(
            "ram:SpecifiedLineTradeAgreement",
            _element("ram:NetPriceProductTradePrice", _text("ram:ChargeAmount", _amount(price))),
        ),
        _element(
            "ram:SpecifiedLineTradeDelivery",
            _text("ram:BilledQuantity", quantity, unitCode="C62"),
        ),
        _element(
            "ram:SpecifiedLineTradeSettlement",
            _element(
                "ram:ApplicableTradeTax",
                _text("ram:TypeCode", "VAT"),
                _text("ram:CategoryCode", category),
                _rate(category, rate),
            ),
            period,
            _element(
                "ram:SpecifiedTradeSettlementLineMonetarySummation",
                _text("ram:LineTotalAmount", _amount(line["net"])),
            ),
        ),
    )


def _seller(invoice: Mapping[str, Any]) -> str:
    """The seller; where nothing is subject to VAT its VAT number stands as a tax number only."""
    seller, subject = invoice["seller"], _is_subject(invoice)
    registered = seller.get("registration")
    return _party("ram:SellerTradeParty", seller, vat=subject, registered=registered)


def _party(
    name: str,
    party: Mapping[str, Any],
    *,
    vat: bool = True,
    numbered: bool = True,
    registered: str | None = None,
) -> str:
    """Seller or buyer. A tax number that begins with a country is a VAT number."""
    number = (party.get("tax_number") or "").replace(" ", "") if numbered else ""
    is_vat = vat and number[:2].isalpha()
    registration = _text("ram:ID", registered)
    mail = _text("ram:URIID", party.get("email"), schemeID="EM")
    return _element(
        name,
        _text("ram:Name", name_of(party)),
        _element("ram:SpecifiedLegalOrganization", registration) if registration else "",
        _element(
            "ram:PostalTradeAddress",
            _text("ram:PostcodeCode", party.get("postal_code")),
            _text("ram:LineOne", party.get("line1")),
            _text("ram:LineTwo", party.get("line2")),
            _text("ram:CityName", party.get("city")),
            _text("ram:CountryID", party["country"]),
            _text("ram:CountrySubDivisionName", party.get("state")),
        ),
        _element("ram:URIUniversalCommunication", mail) if mail else "",
        _element(
            "ram:SpecifiedTaxRegistration",
            _text("ram:ID", number, schemeID="VA" if is_vat else "FC"),
        )
        if number
        else "",
    )


def _settlement(invoice: Mapping[str, Any]) -> str:
    corrects = ""
    if invoice["corrects"]:
        corrects = _element(
            "ram:InvoiceReferencedDocument",
            _text("ram:IssuerAssignedID", invoice["corrects"]["number"]),
        )
    return _element(
        "ram:ApplicableHeaderTradeSettlement",
        _text("ram:PaymentReference", invoice["number"]),
        _text("ram:InvoiceCurrencyCode", invoice["currency"]),
        _means(invoice["seller"]),
        *(_tax(invoice, *each) for each in _by_tax(invoice)),
        _element("ram:SpecifiedTradePaymentTerms", _on("ram:DueDateDateTime", invoice["due_on"])),
        _sums(invoice),
        corrects,
    )


def _means(seller: Mapping[str, Any]) -> str:
    iban = (seller.get("iban") or "").replace(" ", "")
    if not iban:
        return ""
    bic = _text("ram:BICID", seller.get("bic"))
    return _element(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        _text("ram:TypeCode", SEPA_TRANSFER),
        _element("ram:PayeePartyCreditorFinancialAccount", _text("ram:IBANID", iban)),
        _element("ram:PayeeSpecifiedCreditorFinancialInstitution", bic) if bic else "",
    )


def _tax(invoice: Mapping[str, Any], category: str, rate: str, net: Money, tax: Money) -> str:
    why = (invoice["tax_note"] or REASONS[category]) if category in REASONS else ""
    return _element(
        "ram:ApplicableTradeTax",
        _text("ram:CalculatedAmount", f"{tax.major:f}"),
        _text("ram:TypeCode", "VAT"),
        _text("ram:ExemptionReason", why),
        _text("ram:BasisAmount", f"{net.major:f}"),
        _text("ram:CategoryCode", category),
        _rate(category, rate),
    )


def _sums(invoice: Mapping[str, Any]) -> str:
    """The sums; of a credit note all of it is what the seller owes."""
    total, due = invoice["total"], invoice["open"]
    if invoice["kind"] == "credit_note":
        due = total
    prepaid = {**total, "minor": total["minor"] - due["minor"]}
    net = _amount(invoice["net"])
    return _element(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        _text("ram:LineTotalAmount", net),
        _text("ram:TaxBasisTotalAmount", net),
        _text("ram:TaxTotalAmount", _amount(invoice["tax"]), currencyID=invoice["currency"]),
        _text("ram:GrandTotalAmount", _amount(total)),
        _text("ram:TotalPrepaidAmount", _amount(prepaid)) if prepaid["minor"] else "",
        _text("ram:DuePayableAmount", _amount(due)),
    )
