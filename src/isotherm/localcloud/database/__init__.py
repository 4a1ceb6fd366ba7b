"""Databases v1.0: instances, what is in them, and clusters of them."""

from isotherm.localcloud.database import contents, surroundings
from isotherm.localcloud.database.clusters import CLUSTERS
from isotherm.localcloud.database.dialect import render
from isotherm.localcloud.database.instances import INSTANCES
from isotherm.localcloud.database.state import Databases
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Databases,
    mount="/database",
    routes=(surroundings.versions, surroundings.routes, contents.routes),
    kinds=(INSTANCES, CLUSTERS),
    render=render,
    catalog=(CatalogEntry("database", "trove", "/database/v1.0/%(project_id)s"),),
)

__all__ = ["registration"]
