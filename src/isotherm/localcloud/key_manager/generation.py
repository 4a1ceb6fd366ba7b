"""Makes what orders ask for: pairs of keys, and certificates that sign themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_LEAST = 1024
"""Bits of a key; fewer are refused by the library."""


def key_pair(meta: dict[str, Any]) -> dict[str, tuple[str, bytes]]:
    key = _key(meta)
    made = {"private_key": ("private", _private(key)), "public_key": ("public", _public(key))}
    phrase = meta.get("pass_phrase")
    if phrase:
        made["private_key_passphrase"] = ("passphrase", str(phrase).encode())
    return made


def certificate(meta: dict[str, Any], now: float) -> dict[str, tuple[str, bytes]]:
    key = _key(meta)
    name = x509.Name.from_rfc4514_string(str(meta.get("subject_dn") or "CN=local"))
    start = datetime.fromtimestamp(now, UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    return {
        "certificate": ("certificate", signed),
        "private_key": ("private", _private(key)),
        "intermediates": ("certificate", signed),
    }


def _key(meta: dict[str, Any]) -> rsa.RSAPrivateKey:
    bits = max(int(meta.get("bit_length") or 2048), _LEAST)
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
