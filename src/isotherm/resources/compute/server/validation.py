"""Rules across the properties of a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isotherm.kit import Value

_SOURCES = ("volume_id", "image", "image_id", "snapshot_id", "swap_size", "ephemeral_size")


def problems(properties: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Property paths and reasons."""
    given = {name for name, value in properties.items() if value is not None}
    devices = properties.get("block_device_mapping")
    devices_v2 = properties.get("block_device_mapping_v2")
    if {"block_device_mapping", "block_device_mapping_v2"} <= given:
        yield "block_device_mapping_v2", "cannot be used together with block_device_mapping"
    if "image" not in given and not devices and not devices_v2:
        yield "image", "must be given unless a bootable volume is"
    for index, device in _maps(devices):
        if not ({"volume_id", "snapshot_id"} & _given(device)):
            yield f"block_device_mapping.{index}", "needs a volume_id or a snapshot_id"
    for index, device in _maps(devices_v2):
        sources = [name for name in _SOURCES if name in _given(device)]
        if len(sources) != 1:
            yield f"block_device_mapping_v2.{index}", f"needs one of {', '.join(_SOURCES)}"
    yield from _network_problems(properties.get("networks"))


def _network_problems(networks: Value) -> Iterator[tuple[str, str]]:
    entries = list(_maps(networks))
    for index, network in entries:
        path, given = f"networks.{index}", _given(network)
        if not given & {"network", "uuid", "port", "subnet", "allocate_network"}:
            yield path, "needs one of network, port, subnet or allocate_network"
        if "port" in given and given & {"subnet", "fixed_ip", "port_extra_properties"}:
            yield f"{path}.port", "an existing port brings its own addresses and details"
        if "allocate_network" in given and (len(entries) > 1 or given != {"allocate_network"}):
            yield f"{path}.allocate_network", "cannot be used together with other networks"


def _maps(values: Value) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(values, list):
        yield from ((i, each) for i, each in enumerate(values) if isinstance(each, Mapping))


def _given(values: Mapping[str, Any]) -> set[str]:
    return {name for name, value in values.items() if value is not None}
