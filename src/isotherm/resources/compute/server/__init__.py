"""OS::Nova::Server."""

from isotherm.resources.compute.server import server

__all__ = ["server"]
