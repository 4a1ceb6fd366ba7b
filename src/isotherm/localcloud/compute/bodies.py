"""What requests about servers may say, property by property."""

from typing import Any

from isotherm.localcloud.compute import checks
from isotherm.localcloud.compute.checks import Property, refused
from isotherm.localcloud.exchange import Fault

_DISK_CONFIG = Property(checks.choice("AUTO", "MANUAL"))
_TAG = checks.text(1, 60, "^[^,/]*$")
TAGS = checks.items(_TAG, most=50)
_HOSTNAME = checks.text(1, 255, r"^[a-zA-Z0-9-._]*$")
_USER_DATA = checks.base64_text(65535)
_NETWORK = checks.shape(
    {
        "uuid": Property(checks.uuid),
        "port": Property(checks.nullable(checks.uuid)),
        "fixed_ip": Property(checks.text()),
        "tag": Property(_TAG, since=32),
    }
)


def _networks(name: str, value: Any, minor: int) -> Any:
    if minor < 37:
        return _network_list(name, value, minor)
    if value in ("auto", "none"):
        return value
    try:
        return _network_list(name, value, minor)
    except Fault as fault:
        reason = f"{value!r} is not valid under any of the given schemas"
        raise refused(name, value, reason) from fault


def _network_list(name: str, value: Any, minor: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = checks.items(_NETWORK)(name, value, minor)
    for entry in entries:
        if "fixed_ip" in entry:
            version = 6 if ":" in entry["fixed_ip"] else 4
            checks.address(version)("fixed_ip", entry["fixed_ip"], minor)
    return entries


def _image(name: str, value: Any, minor: int) -> str:
    if value == "":
        return ""
    if not isinstance(value, str) or not checks.is_uuid(value):
        raise refused(name, value, f"{value!r} is not valid under any of the given schemas")
    return value


def _flavor(name: str, value: Any, minor: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    checked: str = checks.text(1)(name, value, minor)
    return checked.rpartition("/")[2]


DEVICE_NAME = checks.text(1, 255, r"(^/dev/x{0,1}[a-z]{0,1}d{0,1})([a-z]+)[0-9]*$")
_BDM_NAME = checks.text(1, 255, "^[a-zA-Z0-9._/-]*$")
_DEVICE = {
    "device_name": Property(checks.nullable(_BDM_NAME)),
    "delete_on_termination": Property(checks.flag),
    "no_device": Property(checks.anything),
    "volume_size": Property(checks.nullable(checks.integer(0))),
    "volume_id": Property(checks.nullable(checks.uuid)),
    "snapshot_id": Property(checks.nullable(checks.uuid)),
}
_DEVICE_V1 = checks.shape({**_DEVICE, "virtual_name": Property(checks.text(0, 255))})
_DEVICE_V2 = checks.shape(
    {
        **_DEVICE,
        "source_type": Property(checks.choice("volume", "image", "snapshot", "blank")),
        "uuid": Property(checks.text(1, 255, "^[a-zA-Z0-9._-]*$")),
        "image_id": Property(checks.uuid),
        "destination_type": Property(checks.choice("local", "volume")),
        "guest_format": Property(checks.anything),
        "device_type": Property(checks.anything),
        "disk_bus": Property(checks.anything),
        "boot_index": Property(checks.nullable(checks.integer())),
        "tag": Property(_TAG, since=32),
        "volume_type": Property(checks.nullable(checks.text(0, 255)), since=67),
    }
)
_GROUP_NAME = checks.shape({"name": Property(checks.text(1, 255))})
_COMMON = {
    "OS-DCF:diskConfig": _DISK_CONFIG,
    "accessIPv4": Property(checks.address(4)),
    "accessIPv6": Property(checks.address(6)),
    "description": Property(checks.nullable(checks.text(0, 255)), since=19),
}

CREATE = {
    **_COMMON,
    "name": Property(checks.name_text, required=True),
    "flavorRef": Property(_flavor, required=True),
    "imageRef": Property(_image),
    "adminPass": Property(checks.text()),
    "metadata": Property(checks.metadata),
    "networks": Property(_networks),
    "personality": Property(checks.anything, until=56),
    "availability_zone": Property(checks.nullable(checks.text(1, 255))),
    "block_device_mapping": Property(checks.items(_DEVICE_V1)),
    "block_device_mapping_v2": Property(checks.items(_DEVICE_V2)),
    "config_drive": Property(checks.nullable(checks.flag)),
    "min_count": Property(checks.integer(1)),
    "max_count": Property(checks.integer(1)),
    "return_reservation_id": Property(checks.flag),
    "security_groups": Property(checks.items(_GROUP_NAME)),
    "user_data": Property(checks.nullable(_USER_DATA)),
    "key_name": Property(checks.nullable(checks.text(1, 255))),
    "tags": Property(TAGS, since=52),
    "trusted_image_certificates": Property(checks.anything, since=63),
    "host": Property(checks.text(1, 255), since=74),
    "hypervisor_hostname": Property(checks.text(1, 255), since=74),
    "hostname": Property(_HOSTNAME, since=90),
}
# Since 2.37 a request must say what networks it wants.
CREATE_WITH_NETWORKS = {**CREATE, "networks": Property(_networks, required=True)}

UPDATE = {
    **_COMMON,
    "name": Property(checks.name_text),
    "hostname": Property(_HOSTNAME, since=90),
}

REBUILD = {
    **_COMMON,
    "name": Property(checks.name_text),
    "imageRef": Property(checks.uuid, required=True),
    "adminPass": Property(checks.text()),
    "metadata": Property(checks.metadata),
    "preserve_ephemeral": Property(checks.flag),
    "personality": Property(checks.anything, until=56),
    "key_name": Property(checks.nullable(checks.text(1, 255)), since=54),
    "user_data": Property(checks.nullable(_USER_DATA), since=57),
    "trusted_image_certificates": Property(checks.anything, since=63),
    "hostname": Property(_HOSTNAME, since=90),
}

RESIZE = {
    "flavorRef": Property(_flavor, required=True),
    "OS-DCF:diskConfig": _DISK_CONFIG,
}
