"""What makes a PDF/A-3 a Factur-X: its XMP says which file is the invoice, and in which profile.

Typst writes the XMP of PDF/A-3b plainly and as its last object but one, and has no way to add to
it. So the packet is rewritten here, its length and the offsets behind it with it.
"""

from __future__ import annotations

import re

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = {
    "DocumentFileName": ("factur-x.xml", "The name of the embedded XML document"),
    "DocumentType": ("INVOICE", "The type of the hybrid document in capital letters"),
    "Version": ("1.0", "The version of the standard applying to the embedded XML document"),
    "ConformanceLevel": ("EN 16931", "The conformance level of the embedded XML document"),
}
PACKET = re.compile(rb"<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
BAG_END = b"</rdf:Bag></pdfaExtension:schemas>"
RDF_END = b"</rdf:RDF>"


class MetadataUnknown(ValueError):
    """The PDF is not laid out as typst lays it out."""


def with_factur_x(pdf: bytes) -> bytes:
    """The same PDF, whose metadata names the invoice in it."""
    found = PACKET.search(pdf)
    if found is None:
        raise MetadataUnknown("there is no plain XMP packet")
    begin, size = found.end(), int(found[1])
    packet = pdf[begin : begin + size]
    if packet.count(BAG_END) != 1 or packet.count(RDF_END) != 1:
        raise MetadataUnknown("the XMP packet has no list of schemas")
    packet = packet.replace(BAG_END, _schema() + BAG_END).replace(RDF_END, _said() + RDF_END)
    head = f"<</Length {len(packet)}/Type/Metadata/Subtype/XML>>\nstream\n".encode()
    body = pdf[: found.start()] + head + packet + pdf[begin + size :]
    return _moved(body, found.start(), len(body) - len(pdf))


def _moved(body: bytes, behind: int, by: int) -> bytes:
    """The cross-reference table after `by` bytes came in: what stood behind moved on."""
    at = body.rindex(b"\nxref\n") + 1
    table, trailer = body[at:].split(b"trailer", 1)
    head, _, rows = table.partition(b"0000000000 65535 f")

    def shifted(row: re.Match[bytes]) -> bytes:
        offset = int(row[1])
        return b"%010d 00000 n" % (offset + by if offset > behind else offset)

    rows = re.sub(rb"(\d{10}) 00000 n", shifted, rows)
    trailer = re.sub(rb"startxref\n\d+", b"startxref\n%d" % at, trailer)
    return body[:at] + head + b"0000000000 65535 f" + rows + b"trailer" + trailer


def _schema() -> bytes:
    """The description that PDF/A wants of properties it does not know."""
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, (_, description) in PROPERTIES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{FX}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    ).encode()


def _said() -> bytes:
    facts = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _) in PROPERTIES.items())
    return f'<rdf:Description rdf:about="" xmlns:fx="{FX}">{facts}</rdf:Description>'.encode()
