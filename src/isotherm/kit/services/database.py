"""Databases: instances and clusters of them."""

from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, declare

DATABASE = declare(Service("database", version="v1.0", per_project=True))

INSTANCE = DATABASE.entity("instance", "/instances")
DATABASE_CLUSTER = DATABASE.entity("cluster", "/clusters")
FLAVOR = DATABASE.entity(
    "flavor", "/flavors", finder=Finder("trove.flavor", ANYTHING, name_filter="")
)
