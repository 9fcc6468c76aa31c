"""The certificate authorities this machine trusts."""

from __future__ import annotations

import functools
import ssl
import warnings
from pathlib import Path

from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import (
    Certificate,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)


@functools.cache
def system_roots() -> list[Certificate]:
    """The system's authorities, read once; RuntimeError where there are none.

    OpenSSL lists those of its bundle file at once, but those of its directory only after use, so
    the directory is read here when the bundle gave nothing.
    """
    found: list[Certificate] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for der in ssl.create_default_context().get_ca_certs(binary_form=True):
            try:
                found.append(load_der_x509_certificate(der))
            except ValueError:
                continue
        directory = ssl.get_default_verify_paths().capath
        if not found and directory:
            for path in sorted(Path(directory).glob("*.pem")):
                try:
                    found += load_pem_x509_certificates(path.read_bytes())
                except (ValueError, OSError):
                    continue
    if not found:
        raise RuntimeError("this system has no certificate authorities")
    return found
