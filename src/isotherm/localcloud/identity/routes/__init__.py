"""Identity's routes, a file per kind of object."""

from isotherm.localcloud.identity.routes import tokens, versions

ALL = (versions.routes, tokens.routes)
