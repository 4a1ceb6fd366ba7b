"""Databases v1.0: instances, what is in them, and clusters of them."""

from isotherm.localcloud.database.dialect import render
from isotherm.localcloud.database.state import Databases
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Databases,
    mount="/database",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("database", "trove", "/database/v1.0/%(project_id)s"),),
)
