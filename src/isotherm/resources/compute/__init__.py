"""OS::Nova::*: servers and what they are made with."""

from isotherm.resources.compute import flavor, key_pair, server, server_group

__all__ = ["flavor", "key_pair", "server", "server_group"]
