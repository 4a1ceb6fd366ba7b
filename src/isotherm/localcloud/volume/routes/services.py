"""Routes for operators, and lists that are always empty here."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.volume import rendering
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import ZONE, BlockStorage

routes = VolumeRoutes()


@routes.get("/os-services", "service.list", policy="volume_extension:services:index")
def list_services(storage: BlockStorage, call: Call) -> object:
    host = rendering.HOST
    places = {
        "cinder-volume": host.partition("#")[0],
        "cinder-scheduler": host.partition("@")[0],
        "cinder-backup": host.partition("@")[0],
    }
    return {
        "services": [
            {
                "binary": binary,
                "host": place,
                "zone": ZONE,
                "status": "enabled",
                "state": "up",
                "updated_at": rendering.timestamp(storage.now()),
                "cluster": None,
                "disabled_reason": None,
            }
            for binary, place in places.items()
        ]
    }


@routes.get(
    "/scheduler-stats/get_pools",
    "pool.list",
    policy="scheduler_extension:scheduler_stats:get_pools",
)
def list_pools(storage: BlockStorage, call: Call) -> object:
    return {"pools": [{"name": rendering.HOST}]}


@routes.get("/extensions", "extension.list")
def list_extensions(storage: BlockStorage, call: Call) -> object:
    return {"extensions": []}


@routes.get("/messages", "message.list", since=3)
def list_messages(storage: BlockStorage, call: Call) -> object:
    return {"messages": []}


@routes.get("/os-volume-transfer", "transfer.list")
@routes.get("/os-volume-transfer/detail", "transfer.list")
@routes.get("/volume-transfers", "transfer.list", since=55)
@routes.get("/volume-transfers/detail", "transfer.list", since=55)
def list_transfers(storage: BlockStorage, call: Call) -> object:
    return {"transfers": []}


@routes.get("/group_types", "group_type.list", since=11)
def list_group_types(storage: BlockStorage, call: Call) -> object:
    return {"group_types": []}
