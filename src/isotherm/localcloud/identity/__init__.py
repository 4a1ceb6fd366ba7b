"""Identity v3: who is who, who may do what where, and where the services are."""

from isotherm.localcloud.identity import (
    application_credential_routes,
    credential_routes,
    grant_routes,
    projects,
    roles,
    token_routes,
    trust_routes,
    users,
    versions,
)
from isotherm.localcloud.identity.catalogue_kinds import ENDPOINTS, REGIONS, SERVICES
from isotherm.localcloud.identity.faults import render
from isotherm.localcloud.identity.peering import PeeringIdentity
from isotherm.localcloud.identity.state import Identity, transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=PeeringIdentity,
    mount="/identity",
    routes=(
        versions.routes,
        token_routes.routes,
        trust_routes.routes,
        application_credential_routes.routes,
        credential_routes.routes,
        projects.routes,
        users.routes,
        roles.routes,
        grant_routes.routes,
    ),
    kinds=(
        projects.DOMAINS,
        projects.PROJECTS,
        users.USERS,
        users.GROUPS,
        roles.ROLES,
        REGIONS,
        SERVICES,
        ENDPOINTS,
    ),
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("identity", "keystone", "/identity"),),
)

__all__ = ["Identity", "registration"]
