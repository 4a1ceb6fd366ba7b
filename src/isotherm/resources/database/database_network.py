"""Where databases are connected."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop


class Network(Properties):
    network: str | None = prop("Network.", finds="neutron.network", sends="net-id")
    port: str | None = prop("Existing port.", finds="neutron.port", sends="port-id")
    fixed_ip: str | None = prop("Address to have there.", exists="ip_addr", sends="v4-fixed-ip")


def datastore(props: Any) -> kit.Fields:
    """``datastore`` of a create call."""
    told = {"type": props.datastore_type, "version": props.datastore_version}
    given = {name: each for name, each in told.items() if each}
    return {"datastore": given} if given else {}
