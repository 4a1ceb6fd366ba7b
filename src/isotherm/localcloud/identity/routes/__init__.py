"""Identity's routes, a file per kind of object."""

from isotherm.localcloud.identity.routes import tokens, trusts, versions

ALL = (versions.routes, tokens.routes, trusts.routes)
