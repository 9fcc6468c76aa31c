"""The logo on documents: an SVG or PNG that staff upload, checked before it is kept.

It is kept as an SVG that refers to nothing outside itself and runs nothing; a PNG is put into one.
"""

from __future__ import annotations

import base64
import re
import struct
from typing import ClassVar
from xml.etree import ElementTree as ET

from skypanel.platform.settings import Section

BYTES_MAX = 256 * 1024
SIDE_PIXELS_MAX = 2000
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PNG_HEADER_BYTES = 24
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = frozenset(
    {
        "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
        "text", "tspan", "title", "desc", "use", "symbol", "linearGradient", "radialGradient",
        "stop", "clipPath", "mask", "style", "pattern",
    }
)  # fmt: skip
OUTWARD = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:|expression\(", re.IGNORECASE)


class LogoSettings(Section):
    """The logo as it is printed; empty: the seller's name stands there."""

    section: ClassVar[str] = "document_logo"
    title: ClassVar[str] = "Logo on documents"
    svg: str = ""


class LogoWrong(ValueError):
    """This file is no logo that we print; the text says why."""


def read_logo(content: bytes) -> str:
    """The SVG to keep of an uploaded file."""
    if len(content) > BYTES_MAX:
        raise LogoWrong(f"A logo may have {BYTES_MAX // 1024} KiB at most.")
    if content.startswith(PNG_MAGIC):
        return _wrapped(content)
    return _checked(content)


def _wrapped(content: bytes) -> str:
    if len(content) < PNG_HEADER_BYTES or content[12:16] != b"IHDR" or b"IEND" not in content[-12:]:
        raise LogoWrong("This PNG is broken.")
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= SIDE_PIXELS_MAX and 0 < height <= SIDE_PIXELS_MAX):
        raise LogoWrong(f"A PNG may have {SIDE_PIXELS_MAX} pixels on each side at most.")
    inside = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}"><image width="{width}" height="{height}"'
        f' href="data:image/png;base64,{inside}"/></svg>'
    )


def _checked(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LogoWrong("Upload an SVG or a PNG.") from None
    if re.search(r"<!(DOCTYPE|ENTITY)|<\?(?!xml )", text, re.IGNORECASE):
        raise LogoWrong("An SVG must not declare a document type, entities or instructions.")
    try:
        # No document type was let through, so there are no entities to expand.
        root = ET.fromstring(text)  # noqa: S314
    except ET.ParseError:
        raise LogoWrong("Upload an SVG or a PNG.") from None
    if root.tag != f"{SVG}svg":
        raise LogoWrong("This is no SVG.")
    for each in root.iter():
        name = str(each.tag).removeprefix(SVG)
        if name not in ELEMENTS:
            raise LogoWrong(f"An SVG logo must not contain <{name.rsplit('}', 1)[-1]}>.")
        _check_words(each)
    return text


def _check_words(element: ET.Element) -> None:
    """Nothing that runs, nothing that is fetched."""
    for key, value in element.attrib.items():
        bare = key.rsplit("}", 1)[-1].lower()
        outward = bare == "href" and not value.startswith("#")
        if bare.startswith("on") or outward or OUTWARD.search(value):
            raise LogoWrong("An SVG logo must not run anything or refer to anything outside.")
    if element.text and OUTWARD.search(element.text):
        raise LogoWrong("An SVG logo must not refer to anything outside.")
