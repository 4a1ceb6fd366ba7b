"""Identity: projects, users and what they may do."""

import re

from isotherm.kit.entity import Entity
from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, declare

IDENTITY = declare(Service("identity", version="v3"))

_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")


def _entity(key: str, finder: Finder) -> Entity:
    return IDENTITY.entity(key, f"/{key}s", update_method="PATCH", finder=finder)


DOMAIN = _entity("domain", Finder("keystone.domain", ANYTHING))
ENDPOINT = IDENTITY.entity("endpoint", "/endpoints", update_method="PATCH")
GROUP = _entity("group", Finder("keystone.group", _ID))
PROJECT = _entity("project", Finder("keystone.project", _ID))
REGION = _entity("region", Finder("keystone.region", ANYTHING, by_name=False))
ROLE = _entity("role", Finder("keystone.role", _ID))
SERVICE = _entity("service", Finder("keystone.service", _ID))
USER = _entity("user", Finder("keystone.user", _ID))
