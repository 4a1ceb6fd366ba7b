"""Identity's routes, a file per kind of object."""

from isotherm.localcloud.identity.routes import (
    application_credentials,
    catalogue,
    credentials,
    grants,
    projects,
    roles,
    tokens,
    trusts,
    users,
    versions,
)
from isotherm.localcloud.identity.routes.resources import resource_routes

ALL = (
    versions.routes,
    tokens.routes,
    trusts.routes,
    application_credentials.routes,
    credentials.routes,
    resource_routes(projects.DOMAINS),
    resource_routes(projects.PROJECTS),
    projects.routes,
    resource_routes(users.USERS),
    resource_routes(users.GROUPS),
    users.routes,
    resource_routes(roles.ROLES),
    roles.routes,
    grants.routes,
    resource_routes(catalogue.REGIONS),
    resource_routes(catalogue.SERVICES),
    resource_routes(catalogue.ENDPOINTS),
)
