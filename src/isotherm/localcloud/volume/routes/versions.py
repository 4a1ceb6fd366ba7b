"""Version documents of block storage."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.volume.microversion import MAX
from isotherm.localcloud.volume.state import BlockStorage

routes = Routes[BlockStorage]()


@routes.get("", "version.list", open=True)
def list_versions(storage: BlockStorage, call: Call) -> Reply:
    return Reply(300, {"versions": [_version(call)]})


@routes.get("/v3", "version.show", open=True)
def show_version(storage: BlockStorage, call: Call) -> object:
    return {"versions": [_version(call)]}


def _version(call: Call) -> dict[str, Any]:
    return {
        "id": "v3.0",
        "status": "CURRENT",
        "version": f"3.{MAX}",
        "min_version": "3.0",
        "updated": "2023-08-31T00:00:00Z",
        "links": [
            {
                "rel": "describedby",
                "type": "text/html",
                "href": "https://docs.openstack.org/",
            },
            {"rel": "self", "href": f"{call.base_url}/volume/v3/"},
        ],
        "media-types": [
            {
                "base": "application/json",
                "type": "application/vnd.openstack.volume+json;version=3",
            }
        ],
    }
