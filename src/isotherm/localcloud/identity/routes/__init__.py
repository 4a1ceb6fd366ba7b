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

ALL = (
    versions.routes,
    tokens.routes,
    trusts.routes,
    application_credentials.routes,
    credentials.routes,
    projects.routes,
    users.routes,
    roles.routes,
    grants.routes,
    catalogue.routes,
)
