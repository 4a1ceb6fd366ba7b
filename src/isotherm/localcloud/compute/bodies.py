"""What requests about servers may say, property by property."""

from collections.abc import Mapping
from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.dialect import DIALECT
from isotherm.localcloud.compute.faults import invalid, refused
from isotherm.localcloud.exchange import Fault
from isotherm.localcloud.kinds import said
from isotherm.localcloud.kinds.checks import (
    as_is,
    flag,
    is_uuid,
    list_of,
    one_of,
    or_none,
    shape,
    text,
    uuid,
)

_DISK_CONFIG = said(one_of("AUTO", "MANUAL"))
_TAG = checks.TAG
TAGS = list_of(_TAG, most=50)
_HOSTNAME = text(1, 255, r"^[a-zA-Z0-9-._]*$")
_USER_DATA = checks.base64_text(65535)
_NETWORK = shape(
    {
        "uuid": text(),
        "port": or_none(uuid),
        "fixed_ip": text(),
        "tag": _TAG,
    }
)


def _network_list(value: Any) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = list_of(_NETWORK)(value)
    for entry in entries:
        if "fixed_ip" in entry:
            DIALECT.checked("fixed_ip", entry["fixed_ip"], _fixed_ip)
        if "uuid" in entry and not is_uuid(entry["uuid"]):
            reason = f"network uuid is not in proper format ({entry['uuid']})"
            raise invalid(f"Bad networks format: {reason}")
    return entries


def _fixed_ip(value: str) -> str:
    if not any(_is_address(value, version) for version in (4, 6)):
        raise ValueError(f"{value!r} is not valid under any of the given schemas")
    return value


def _is_address(value: str, version: int) -> bool:
    try:
        return bool(checks.address(version)(value))
    except ValueError:
        return False


def _networks(value: Any) -> Any:
    if value in ("auto", "none"):
        return value
    try:
        return _network_list(value)
    except (ValueError, Fault) as error:
        raise ValueError(f"{value!r} is not valid under any of the given schemas") from error


def _image(value: Any) -> str:
    if value == "" or (isinstance(value, str) and is_uuid(value)):
        return str(value)
    raise ValueError(f"{value!r} is not valid under any of the given schemas")


def _flavor(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    checked: str = text(1)(value)
    return checked.rpartition("/")[2]


DEVICE_NAME = text(1, 255, r"(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$")
_BDM_NAME = text(1, 255, "^[a-zA-Z0-9._/-]*$")
_DEVICE = {
    "device_name": or_none(_BDM_NAME),
    "delete_on_termination": flag,
    "no_device": as_is,
    "volume_size": or_none(checks.integer(0)),
    "volume_id": or_none(uuid),
    "snapshot_id": or_none(uuid),
}
_DEVICE_V1 = shape({**_DEVICE, "virtual_name": text(0, 255)})
_DEVICE_V2 = shape(
    {
        **_DEVICE,
        "source_type": one_of("volume", "image", "snapshot", "blank"),
        "uuid": text(1, 255, "^[a-zA-Z0-9._-]*$"),
        "image_id": uuid,
        "destination_type": one_of("local", "volume"),
        "guest_format": as_is,
        "device_type": as_is,
        "disk_bus": as_is,
        "boot_index": or_none(checks.integer()),
        "tag": _TAG,
        "volume_type": or_none(text(0, 255)),
    }
)
_GROUP_NAME = shape({"name": text(1, 255)})
_COMMON = {
    "OS-DCF:diskConfig": _DISK_CONFIG,
    "accessIPv4": said(checks.address(4)),
    "accessIPv6": said(checks.address(6)),
    "description": said(or_none(text(0, 255)), since=19),
}

CREATE = {
    **_COMMON,
    "name": said(checks.name_text, required=True),
    "flavorRef": said(_flavor, required=True),
    "imageRef": said(_image),
    "adminPass": said(text(), secret=True),
    "metadata": said(checks.METADATA),
    "networks": said(_network_list),
    "personality": said(as_is, until=56),
    "availability_zone": said(or_none(text(1, 255))),
    "block_device_mapping": said(list_of(_DEVICE_V1)),
    "block_device_mapping_v2": said(list_of(_DEVICE_V2)),
    "config_drive": said(or_none(flag)),
    "min_count": said(checks.integer(1)),
    "max_count": said(checks.integer(1)),
    "return_reservation_id": said(flag),
    "security_groups": said(list_of(_GROUP_NAME)),
    "user_data": said(or_none(_USER_DATA)),
    "key_name": said(or_none(text(1, 255))),
    "tags": said(TAGS, since=52),
    "trusted_image_certificates": said(as_is, since=63),
    "host": said(text(1, 255), since=74),
    "hypervisor_hostname": said(text(1, 255), since=74),
    "hostname": said(_HOSTNAME, since=90),
}
# Since 2.37 a request must say what networks it wants.
CREATE_WITH_NETWORKS = {**CREATE, "networks": said(_networks, required=True)}

# What entries of these lists may say since a microversion.
_NEWER = (
    ("networks", "tag", 32),
    ("block_device_mapping_v2", "tag", 32),
    ("block_device_mapping_v2", "volume_type", 67),
)


def refuse_newer(wish: Mapping[str, Any], minor: int) -> None:
    """Raises Fault 400 for what the request's microversion does not know yet."""
    for name, newer, since in _NEWER:
        entries = wish.get(name, ())
        for position, entry in enumerate(entries if isinstance(entries, list) else ()):
            if newer in entry and minor < since:
                reason = f"Additional properties are not allowed ({newer!r} was unexpected)"
                raise refused(str(position), entry, reason)


UPDATE = {
    **_COMMON,
    "name": said(checks.name_text),
    "hostname": said(_HOSTNAME, since=90),
}

REBUILD = {
    **_COMMON,
    "name": said(checks.name_text),
    "imageRef": said(uuid, required=True),
    "adminPass": said(text(), secret=True),
    "metadata": said(checks.METADATA),
    "preserve_ephemeral": said(flag),
    "personality": said(as_is, until=56),
    "key_name": said(or_none(text(1, 255)), since=54),
    "user_data": said(or_none(_USER_DATA), since=57),
    "trusted_image_certificates": said(as_is, since=63),
    "hostname": said(_HOSTNAME, since=90),
}

RESIZE = {
    "flavorRef": said(_flavor, required=True),
    "OS-DCF:diskConfig": _DISK_CONFIG,
}
