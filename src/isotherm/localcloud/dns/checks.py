"""Checks of what is said to the DNS service."""

import ipaddress
import re
from typing import Any

from isotherm.localcloud.dns.faults import bad_type
from isotherm.localcloud.kinds.checks import text

RECORD_TYPES = (
    *("A", "AAAA", "CNAME", "MX", "SRV", "TXT", "SPF", "NS", "PTR", "SSHFP", "SOA", "CAA", "CERT"),
    "NAPTR",
)
_LABEL = r"(?!-)[A-Za-z0-9_*\-]{1,63}(?<!-)"
_NAME = re.compile(rf"(?:{_LABEL}\.)+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def name(value: Any, what: str = "Host name") -> str:
    """A whole name, with the dot at its end."""
    said: str = text(1)(str(value))
    if _NAME.fullmatch(said) is None:
        raise ValueError(f"{what} {said} {_fault_of(said)}")
    return said


def _fault_of(said: str) -> str:
    return "is invalid" if said.endswith(".") else "does not end with a dot"


def ttl(value: Any) -> int:
    try:
        seconds = int(value)
    except (TypeError, ValueError):
        raise ValueError(f"invalid literal for int() with base 10: {value!r}") from None
    if seconds < 0:
        raise ValueError("Value must be >= 0 for field ttl")
    return seconds


def zone_type(value: Any) -> str:
    if value not in ("PRIMARY", "SECONDARY"):
        raise ValueError(f"Field value {value} is invalid")
    return str(value)


def record_type(value: Any) -> str:
    if value not in RECORD_TYPES:
        raise bad_type(value)
    return str(value)


def zone_name(value: Any) -> str:
    said = name(value, "Domain")
    if "." not in said[:-1]:
        raise ValueError("More than one label is required")
    return said


def email(value: Any) -> str:
    said: str = text(1)(value)
    if _EMAIL.fullmatch(said) is None:
        raise ValueError(f"{said} is not an email")
    return said


def address_of(version: int, record: str) -> bool:
    """Whether a record is an address of that version."""
    try:
        return ipaddress.ip_address(record).version == version
    except ValueError:
        return False
