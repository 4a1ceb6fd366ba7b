"""Application containers v1."""

from isotherm.localcloud.containers.containers import CONTAINERS
from isotherm.localcloud.containers.dialect import render, versions
from isotherm.localcloud.containers.state import ApplicationContainers
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=ApplicationContainers,
    mount="/container",
    routes=(versions,),
    kinds=(CONTAINERS,),
    render=render,
    catalog=(CatalogEntry("application-container", "zun", "/container/v1"),),
)

__all__ = ["registration"]
