"""What may be said about a port."""

from ipaddress import ip_network
from typing import Any

from isotherm.localcloud.network import checks, faults
from isotherm.localcloud.network.attributes import (
    ABSENT,
    ADMIN_STATE,
    DESCRIPTION,
    NAME,
    REQUIRED,
    TAGS,
    Attribute,
    Schema,
    read_only,
)

RENAMED = {
    "binding:vnic_type": "vnic_type",
    "binding:profile": "profile",
    "binding:host_id": "host_id",
}
_VNIC_TYPES = (
    "normal",
    "direct",
    "macvtap",
    "baremetal",
    "direct-physical",
    "virtio-forwarder",
    "smart-nic",
    "accelerator-direct",
    "accelerator-direct-physical",
    "remote-managed",
    "vdpa",
)
_FIXED_IP = checks.mapping({}, {"subnet_id": checks.uuid_text, "ip_address": checks.address})


def _address_pairs(value: Any) -> list[dict[str, str]]:
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


def _dhcp_options(value: Any) -> list[dict[str, Any]]:
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


def _profile(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"'{value}' is not a dictionary")
    return value


def _fixed_ips(value: Any) -> list[dict[str, str]]:
    fixed_ips: list[dict[str, str | None]] = checks.list_of(_FIXED_IP)(value)
    return [{name: part for name, part in each.items() if part is not None} for each in fixed_ips]


SCHEMA = Schema(
    "port",
    (
        NAME,
        DESCRIPTION,
        TAGS,
        ADMIN_STATE,
        *read_only(
            "status",
            "binding:vif_type",
            "binding:vif_details",
            "dns_assignment",
            "ip_allocation",
            "qos_network_policy_id",
            "resource_request",
            "trunk_details",
        ),
        Attribute("network_id", checks.uuid_text, REQUIRED, put=False),
        Attribute("mac_address", checks.mac_address, ABSENT, admin_put=True),
        Attribute("fixed_ips", _fixed_ips, ABSENT),
        Attribute("device_id", checks.text(), ""),
        Attribute("device_owner", checks.text(), ""),
        Attribute("security_groups", checks.or_none(checks.list_of(checks.uuid_text)), ABSENT),
        Attribute("port_security_enabled", checks.boolean, ABSENT),
        Attribute("allowed_address_pairs", _address_pairs, []),
        Attribute("extra_dhcp_opts", _dhcp_options, []),
        Attribute("qos_policy_id", checks.or_none(checks.uuid_text)),
        Attribute("dns_name", checks.or_none(checks.dns_name), ""),
        Attribute("dns_domain", checks.or_none(checks.text()), ""),
        Attribute("binding:vnic_type", checks.one_of(*_VNIC_TYPES), "normal"),
        Attribute("binding:profile", _profile, {}, admin=True),
        Attribute("binding:host_id", checks.or_none(checks.text()), "", admin=True),
        Attribute("propagate_uplink_status", checks.boolean, ABSENT),
        Attribute("numa_affinity_policy", checks.or_none(checks.text()), ABSENT),
    ),
)
