"""Custom constraints that need no cloud: addresses, names, dates, expressions.

Each check takes a value and returns why it is wrong, or None. The names are
those that template authors write in ``custom_constraint``.
"""

from __future__ import annotations

import ipaddress
import json
import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from isotherm.core.cron import check_cron

_MAC = re.compile(
    r"[0-9a-f]{1,2}([:-])[0-9a-f]{1,2}(\1[0-9a-f]{1,2}){4}"
    r"|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
    r"|[0-9a-f]{6}[:-]?[0-9a-f]{6}",
    re.IGNORECASE,
)
_DNS_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_PREFIX_LENGTH = re.compile(r"0|[1-9][0-9]*")
_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?|(?P<months>\d\d)(?P<days>\d\d))?"
    r"(?:[ T](?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)


def check_ip_address(value: Any) -> str | None:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return f"invalid IP address {value!r}"
    return f"invalid IP address {value!r}: it has a zone" if "%" in str(value) else None


def check_cidr(value: Any) -> str | None:
    address, _, prefix = str(value).partition("/")
    try:
        ipaddress.ip_network(str(value), strict=False)
    except ValueError:
        return f"invalid net cidr {value!r}"
    if _PREFIX_LENGTH.fullmatch(prefix) and "%" not in address:
        return None
    return f"invalid net cidr {value!r}: write ADDRESS/PREFIX-LENGTH"


def check_ip_or_cidr(value: Any) -> str | None:
    if check_ip_address(value) is None or check_cidr(value) is None:
        return None
    return f"{value!r} is neither an IP address nor a cidr"


def check_mac_address(value: Any) -> str | None:
    return None if _MAC.fullmatch(str(value)) else f"invalid MAC address {value!r}"


def check_dns_name(value: Any) -> str | None:
    text = str(value)
    if not text:
        return None
    if len(text) > 255:
        return f"{text!r} exceeds 255 characters"
    labels = text.removesuffix(".").split(".")
    if not all(_DNS_LABEL.fullmatch(label) for label in labels):
        return f"{text!r} is not a valid DNS name"
    if text.endswith(".") and len(labels) > 1 and labels[-1].isdigit():
        return f"{text!r} ends with a number as top-level domain"
    return None


def check_relative_dns_name(value: Any) -> str | None:
    if str(value).endswith("."):
        return f"{value!r} must be relative: it may not end with a dot"
    return check_dns_name(value)


def check_dns_domain(value: Any) -> str | None:
    if value == "":
        return None
    if not str(value).endswith("."):
        return f"{value!r} must end with a dot"
    return check_dns_name(value)


def check_iso8601(value: Any) -> str | None:
    return None if _time(str(value)) else f"{value!r} is not an ISO 8601 time"


def _time(text: str) -> datetime | None:
    """The time that a text names, in UTC where it names no zone; None for anything else."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    part = match.groupdict(default="")
    month, day = part["month"] or part["months"], part["day"] or part["days"]
    hour, minute, second = (int(part[unit] or 0) for unit in ("hour", "minute", "second"))
    try:
        date = datetime(int(part["year"]), int(month or 1), int(day or 1), tzinfo=UTC)
        time = date.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None
    zone = part["zone"].strip("Z").replace(":", "").ljust(5, "0")
    east = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return time + east if zone.startswith("-") else time - east


def check_timezone(value: Any) -> str | None:
    try:
        zoneinfo.ZoneInfo(str(value) or "UTC")
        return None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return f"{value!r} is not a known time zone"


def check_expiration(value: Any) -> str | None:
    return check_iso8601(str(value).strip()) if value else None


def check_not_expired(value: Any, now: datetime) -> str | None:
    """Whether what passed ``check_expiration`` lies ahead of ``now``, an aware time."""
    time = _time(str(value).strip())
    return f"{value!r} is over" if time and time <= now else None


def check_json_string(value: Any) -> str | None:
    try:
        json.loads(str(value) or "null")
    except ValueError:
        return f"{value!r} is not JSON"
    return None


CHECKS: dict[str, Callable[[Any], str | None]] = {
    "ip_addr": check_ip_address,
    "net_cidr": check_cidr,
    "ip_or_cidr": check_ip_or_cidr,
    "mac_addr": check_mac_address,
    "dns_name": check_dns_name,
    "rel_dns_name": check_relative_dns_name,
    "dns_domain": check_dns_domain,
    "iso_8601": check_iso8601,
    "timezone": check_timezone,
    "cron_expression": check_cron,
    "expiration": check_expiration,
    "json_string": check_json_string,
    "test_constr": lambda value: None,
}
