"""Key pairs: making them, and what their fingerprint is."""

import base64
import binascii
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

_BITS = 2048


def generate() -> tuple[str, str]:
    """A new RSA pair: the private key in PEM, the public one in OpenSSH's format."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return private.decode(), f"{public.decode()} Generated-by-Nova"


def ssh_fingerprint(public_key: str) -> str:
    """MD5 of the key's data, as pairs of digits. Raises ValueError if it is no public key."""
    try:
        load_ssh_public_key(public_key.strip().encode())
        data = base64.b64decode(public_key.split()[1], validate=True)
    except (ValueError, IndexError, UnsupportedAlgorithm, binascii.Error) as error:
        raise ValueError("not a public key") from error
    return _pairs(hashlib.md5(data, usedforsecurity=False).hexdigest())


def x509_fingerprint(certificate: str) -> str:
    """SHA-1 of the certificate. Raises ValueError if it is none."""
    data = load_pem_x509_certificate(certificate.encode()).public_bytes(Encoding.DER)
    return _pairs(hashlib.sha1(data, usedforsecurity=False).hexdigest())


def _pairs(digits: str) -> str:
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))
