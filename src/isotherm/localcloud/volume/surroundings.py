"""Versions, what operators ask for, and lists that are always empty here."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.volume.dialect import MAX, VolumeRoutes
from isotherm.localcloud.volume.entities import timestamp
from isotherm.localcloud.volume.state import HOST, ZONE, BlockStorage

versions = Routes[BlockStorage]()
routes = VolumeRoutes()

# Lists that nothing is ever in: path, key, since which microversion.
_EMPTY = (
    ("/extensions", "extension", 0),
    ("/messages", "message", 3),
    ("/os-volume-transfer", "transfer", 0),
    ("/os-volume-transfer/detail", "transfer", 0),
    ("/volume-transfers", "transfer", 55),
    ("/volume-transfers/detail", "transfer", 55),
    ("/group_types", "group_type", 11),
)


@versions.get("", "version.list", open=True)
def list_versions(storage: BlockStorage, call: Call) -> Reply:
    return Reply(300, {"versions": [_version(call)]})


@versions.get("/v3", "version.show", open=True)
def show_version(storage: BlockStorage, call: Call) -> object:
    return {"versions": [_version(call)]}


def _version(call: Call) -> dict[str, Any]:
    docs = {"rel": "describedby", "type": "text/html", "href": "https://docs.openstack.org/"}
    media_type = "application/vnd.openstack.volume+json;version=3"
    return {
        "id": "v3.0",
        "status": "CURRENT",
        "version": f"3.{MAX}",
        "min_version": "3.0",
        "updated": "2023-08-31T00:00:00Z",
        "links": [docs, {"rel": "self", "href": f"{call.base_url}/volume/v3/"}],
        "media-types": [{"base": "application/json", "type": media_type}],
    }


@routes.get("/os-availability-zone", "availability_zone.list")
def list_zones(storage: BlockStorage, call: Call) -> object:
    return {"availabilityZoneInfo": [{"zoneName": ZONE, "zoneState": {"available": True}}]}


@routes.get("/os-services", "service.list", policy="volume_extension:services:index")
def list_services(storage: BlockStorage, call: Call) -> object:
    places = {
        "cinder-volume": HOST.partition("#")[0],
        "cinder-scheduler": HOST.partition("@")[0],
        "cinder-backup": HOST.partition("@")[0],
    }
    up = {
        "zone": ZONE,
        "status": "enabled",
        "state": "up",
        "updated_at": timestamp(storage.now()),
        "cluster": None,
        "disabled_reason": None,
    }
    shown = [{"binary": binary, "host": host, **up} for binary, host in places.items()]
    return {"services": shown}


@routes.get(
    "/scheduler-stats/get_pools",
    "pool.list",
    policy="scheduler_extension:scheduler_stats:get_pools",
)
def list_pools(storage: BlockStorage, call: Call) -> object:
    return {"pools": [{"name": HOST}]}


def _add_empty(path: str, name: str, since: int) -> None:
    @routes.get(path, f"{name}.list", since=since)
    def list_nothing(storage: BlockStorage, call: Call) -> object:
        return {f"{name}s": []}


for _each in _EMPTY:
    _add_empty(*_each)
