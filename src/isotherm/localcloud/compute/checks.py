"""Checks of what only compute is told, beside those of the kit."""

import base64
import binascii
import ipaddress
from typing import Any

from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds import checks
from isotherm.localcloud.kinds.checks import Check, mapping, text

METADATA = mapping(text(), "^[a-zA-Z0-9-_:. ]{1,255}$")
TAG = text(1, 60, "^[^,/]*$")


def integer(least: int | None = None, most: int | None = None) -> Check:
    pattern = "^-?[0-9]+$" if least is None or least < 0 else "^[0-9]+$"
    return checks.integer(least, most, pattern)


def name_text(value: Any) -> str:
    """A name as people give it: 1 to 255 characters, no spaces around."""
    checked: str = text(1)(value)
    if not checked.isprintable() or checked != checked.strip():
        reason = "printable characters. Can not start or end with whitespace."
        raise Fault(400, f"An invalid 'name' value was provided. The name must be: {reason}")
    return checked


def number(value: Any) -> float:
    try:
        found = float(value)
    except ValueError:
        pattern = r"^[0-9]+(\.[0-9]+)?$"
        raise ValueError(f"{value!r} does not match {pattern!r}") from None
    except TypeError:
        raise ValueError(f"{value!r} is not of type 'number', 'string'") from None
    if found <= 0:
        raise ValueError(f"{value!r} is not positive")
    return found


def address(version: int) -> Check:
    def check(value: Any) -> str:
        try:
            valid = value == "" or ipaddress.ip_address(value).version == version
        except ValueError:
            valid = False
        if not valid:
            raise ValueError(f"{value!r} is not a 'ipv{version}'")
        return str(value)

    return check


def base64_text(most: int) -> Check:
    def check(value: Any) -> str:
        checked: str = text(0, most)(value)
        try:
            base64.b64decode("".join(checked.split()), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f"{value!r} is not a 'base64'") from None
        return checked

    return check
