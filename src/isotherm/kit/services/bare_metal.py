"""Bare metal: nodes and their ports."""

from typing import Any

from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, declare

BAREMETAL = declare(
    Service(
        "baremetal",
        version="v1",
        microversions="baremetal",
        own_header="X-OpenStack-Ironic-API-Version",
    )
)

_COMMON: dict[str, Any] = {"microversion": "1.53", "id_field": "uuid"}

NODE = BAREMETAL.entity(
    "", "/nodes", "nodes", finder=Finder("ironic.node", ANYTHING, by_name=False), **_COMMON
)
PORT_GROUP = BAREMETAL.entity(
    "",
    "/portgroups",
    "portgroups",
    finder=Finder("ironic.portgroup", ANYTHING, by_name=False),
    **_COMMON,
)
PORT = BAREMETAL.entity(
    "",
    "/ports",
    "ports",
    update_method="PATCH",
    patch_type="application/json",
    **_COMMON,
)
