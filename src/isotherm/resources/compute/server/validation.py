"""Rules across the properties of a server."""

from collections.abc import Sequence

from isotherm import kit

_ORDER = ("volume_id", "image", "image_id", "snapshot_id", "swap_size", "ephemeral_size")
_SOURCES = frozenset(_ORDER)


def problems(properties: kit.Values) -> kit.Problems:
    """Property paths and reasons."""
    devices = properties.get("block_device_mapping")
    devices_v2 = properties.get("block_device_mapping_v2")
    if "image" not in kit.given(properties) and not devices and not devices_v2:
        yield "image", "must be given unless a bootable volume is"
    for path, device in kit.maps_in(properties, "block_device_mapping"):
        if not ({"volume_id", "snapshot_id"} & kit.given(device)):
            yield path, "needs a volume_id or a snapshot_id"
    for path, device in kit.maps_in(properties, "block_device_mapping_v2"):
        if not _SOURCES & kit.given(device) or len(_SOURCES & kit.surely_given(device)) > 1:
            yield path, f"needs one of {', '.join(_ORDER)}"
    yield from _network_problems(list(kit.maps_in(properties, "networks")))


def _network_problems(networks: Sequence[tuple[str, kit.Values]]) -> kit.Problems:
    for path, network in networks:
        sure = kit.surely_given(network)
        if not kit.given(network) & {"network", "uuid", "port", "subnet", "allocate_network"}:
            yield path, "needs one of network, port, subnet or allocate_network"
        if "port" in sure and sure & {"subnet", "fixed_ip", "port_extra_properties"}:
            yield f"{path}.port", "an existing port brings its own addresses and details"
        if "allocate_network" in sure and (len(networks) > 1 or sure != {"allocate_network"}):
            yield f"{path}.allocate_network", "cannot be used together with other networks"
