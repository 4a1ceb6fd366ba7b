"""Bare metal v1: nodes, their ports and groups of them."""

from isotherm.localcloud.bare_metal.dialect import render
from isotherm.localcloud.bare_metal.state import BareMetal
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=BareMetal,
    mount="/baremetal",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("baremetal", "ironic", "/baremetal"),),
)
