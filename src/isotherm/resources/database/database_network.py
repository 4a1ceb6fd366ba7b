"""Where databases are connected."""

from collections.abc import Mapping
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop


class Network(Properties):
    network: str | None = prop("Network.", finds="neutron.network", sends="net-id")
    port: str | None = prop("Existing port.", finds="neutron.port", sends="port-id")
    fixed_ip: str | None = prop("Address to have there.", exists="ip_addr", sends="v4-fixed-ip")


def problems(networks: kit.Value, path: str) -> kit.Problems:
    """Each names a network or a port, and not both."""
    for index, each in enumerate(networks if isinstance(networks, list) else ()):
        if isinstance(each, Mapping):
            if not kit.given(each) & {"network", "port"}:
                yield f"{path}.{index}", "needs a network or a port"
            if {"network", "port"} <= kit.surely_given(each):
                yield f"{path}.{index}.port", "cannot be used together with network"


def datastore(props: Any) -> kit.Fields:
    """``datastore`` of a create call."""
    told = {"type": props.datastore_type, "version": props.datastore_version}
    given = {name: each for name, each in told.items() if each}
    return {"datastore": given} if given else {}
