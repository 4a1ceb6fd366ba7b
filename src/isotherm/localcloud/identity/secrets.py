"""Passwords and ids that nobody can guess."""

import hashlib
import hmac
import secrets

# Low on purpose: this cloud is for trying out, and authentication must stay cheap.
_ROUNDS = 1000


def new_secret(size: int = 24) -> str:
    return secrets.token_urlsafe(size)


def new_audit_id() -> str:
    return secrets.token_urlsafe(16)


def hash_password(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_digest(password, salt)}"


def is_password(password: str, stored: str | None) -> bool:
    if stored is None:
        return False
    salt, _, digest = stored.partition("$")
    return hmac.compare_digest(_digest(password, bytes.fromhex(salt)), digest)


def _digest(password: str, salt: bytes) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS).hex()
