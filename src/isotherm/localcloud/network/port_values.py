"""Checks of what is said about ports: addresses, pairs, options."""

from ipaddress import ip_network
from typing import Any

from isotherm.localcloud.network import checks, faults

_FIXED_IP = checks.mapping({}, {"subnet_id": checks.uuid_text, "ip_address": checks.address})


def address_pairs(value: Any) -> list[dict[str, str]]:
    """Pairs of an address or prefix and, where given, a MAC address."""
    pairs: list[dict[str, str]] = []
    for given in checks.list_of(checks.as_is)(value):
        if not isinstance(given, dict) or "ip_address" not in given:
            raise faults.invalid(
                "AllowedAddressPairsMissingIP", "AllowedAddressPair must contain ip_address"
            )
        pair = {"ip_address": _address_or_prefix(given["ip_address"])}
        if given.get("mac_address") is not None:
            pair["mac_address"] = checks.mac_address(given["mac_address"])
        if pair in pairs:
            raise faults.invalid(
                "DuplicateAddressPairInRequest",
                "Request contains duplicate address pair: mac_address "
                f"{pair.get('mac_address')} ip_address {pair['ip_address']}.",
            )
        pairs.append(pair)
    return pairs


def _address_or_prefix(value: Any) -> str:
    try:
        ip_network(value, strict=False)
    except ValueError as error:
        raise faults.refused(f"'{value}' is not a valid IP address") from error
    return str(value)


def dhcp_options(value: Any) -> list[dict[str, Any]]:
    options = []
    for given in checks.list_of(checks.as_is)(value):
        if not isinstance(given, dict) or not {"opt_name", "opt_value"} <= given.keys():
            raise checks.Unconvertible(f"No valid key specs matched for: {given}")
        if given["opt_value"] is not None:
            options.append(
                {
                    "opt_name": given["opt_name"],
                    "opt_value": str(given["opt_value"]),
                    "ip_version": int(given.get("ip_version", 4)),
                }
            )
    return options


def profile(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"'{value}' is not a dictionary")
    return value


def fixed_ips(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list):
        raise ValueError(f"Invalid data format for fixed IP: '{value}'")
    said: list[dict[str, str | None]] = checks.list_of(_FIXED_IP)(value)
    return [{name: part for name, part in each.items() if part is not None} for each in said]
