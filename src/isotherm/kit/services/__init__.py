"""The cloud services as far as they are known here, one module each.

Each declares its service (how it is reached, how it says that it is busy), the coordinates of
its objects, and the finders that look them up by name. Nothing else does.
"""

from isotherm.kit.services import (
    alarm,
    bare_metal,
    block_storage,
    clusters,
    compute,
    containers,
    database,
    dns,
    identity,
    image,
    key_manager,
    load_balancer,
    messaging,
    network,
    object_store,
    orchestration,
    others,
    reservation,
    shared_file_system,
    workflow,
)

__all__ = [
    "alarm",
    "bare_metal",
    "block_storage",
    "clusters",
    "compute",
    "containers",
    "database",
    "dns",
    "identity",
    "image",
    "key_manager",
    "load_balancer",
    "messaging",
    "network",
    "object_store",
    "orchestration",
    "others",
    "reservation",
    "shared_file_system",
    "workflow",
]
