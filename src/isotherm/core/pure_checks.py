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
from datetime import datetime
from typing import Any

_MAC = re.compile(
    r"[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}"
    r"|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}"
    r"|[0-9a-f]{6}[:-]?[0-9a-f]{6}",
    re.IGNORECASE,
)
_DNS_LABEL = re.compile(r"(?!-)[a-zA-Z0-9-]{1,63}(?<!-)")
_CRON_FIELD = re.compile(r"[0-9*/,\-a-zA-Z]+")


def check_ip_address(value: Any) -> str | None:
    try:
        ipaddress.ip_address(str(value))
    except ValueError:
        return f"invalid IP address {value!r}"
    return None


def check_cidr(value: Any) -> str | None:
    text = str(value)
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"invalid net cidr {value!r}"
    return None if "/" in text else f"invalid net cidr {value!r}: the prefix length is missing"


def check_ip_or_cidr(value: Any) -> str | None:
    if check_ip_address(value) is None or check_cidr(value) is None:
        return None
    return f"{value!r} is neither an IP address nor a cidr"


def check_mac_address(value: Any) -> str | None:
    return None if _MAC.fullmatch(str(value)) else f"invalid MAC address {value!r}"


def check_dns_name(value: Any) -> str | None:
    text = str(value)
    if len(text) > 255:
        return f"{text!r} exceeds 255 characters"
    labels = (text[:-1] if text.endswith(".") else text).split(".")
    if all(_DNS_LABEL.fullmatch(label) for label in labels):
        return None
    return f"{text!r} is not a valid DNS name"


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
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return f"{value!r} is not an ISO 8601 time"
    return None


def check_timezone(value: Any) -> str | None:
    if not value or value in zoneinfo.available_timezones():
        return None
    return f"{value!r} is not a known time zone"


def check_cron(value: Any) -> str | None:
    fields = str(value).split()
    if len(fields) in (5, 6) and all(_CRON_FIELD.fullmatch(each) for each in fields):
        return None
    return f"{value!r} is not a cron expression of five or six fields"


def check_expiration(value: Any) -> str | None:
    return check_iso8601(value) if value else None


def check_json_string(value: Any) -> str | None:
    try:
        json.loads(str(value))
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
