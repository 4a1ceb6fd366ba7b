"""Bare metal v1: nodes, their ports and groups of them."""

from isotherm.localcloud.bare_metal.dialect import render, versions
from isotherm.localcloud.bare_metal.nodes import NODES, PORT_GROUPS, PORTS
from isotherm.localcloud.bare_metal.state import BareMetal
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=BareMetal,
    mount="/baremetal",
    routes=(versions,),
    kinds=(NODES, PORTS, PORT_GROUPS),
    render=render,
    catalog=(CatalogEntry("baremetal", "ironic", "/baremetal"),),
)

__all__ = ["registration"]
