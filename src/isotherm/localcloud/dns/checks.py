"""Checks of what is said to the DNS service."""

import ipaddress
import re
from typing import Any

from isotherm.localcloud.kinds.checks import text

_LABEL = r"(?!-)[A-Za-z0-9_*\-]{1,63}(?<!-)"
_NAME = re.compile(rf"(?:{_LABEL}\.)+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def name(value: Any) -> str:
    """A whole name, with the dot at its end."""
    said: str = text(1)(value)
    if _NAME.fullmatch(said) is None:
        raise ValueError(f"{said!r} is not a 'hostname'")
    return said


def zone_name(value: Any) -> str:
    said = name(value)
    if "." not in said[:-1]:
        raise ValueError("More than one label is required")
    return said


def email(value: Any) -> str:
    said: str = text(1)(value)
    if _EMAIL.fullmatch(said) is None:
        raise ValueError(f"{said!r} is not a 'email'")
    return said


def address_of(version: int, record: str) -> bool:
    """Whether a record is an address of that version."""
    try:
        return ipaddress.ip_address(record).version == version
    except ValueError:
        return False
