"""Application containers v1."""

from isotherm.localcloud.containers.dialect import render
from isotherm.localcloud.containers.state import ApplicationContainers
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=ApplicationContainers,
    mount="/container",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("application-container", "zun", "/container/v1"),),
)
