"""Version documents of identity."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.identity.state import Identity
from isotherm.localcloud.routing import Routes

routes = Routes[Identity]()


@routes.get("", "version.list", open=True)
def list_versions(identity: Identity, call: Call) -> Reply:
    document = {"versions": {"values": [_version(call)]}}
    return Reply(300, document, {"Location": f"{call.base_url}/identity/v3/"})


@routes.get("/v3", "version.show", open=True)
def show_version(identity: Identity, call: Call) -> object:
    return {"version": _version(call)}


def _version(call: Call) -> dict[str, Any]:
    return {
        "id": "v3.14",
        "status": "stable",
        "updated": "2020-04-07T00:00:00Z",
        "links": [{"rel": "self", "href": f"{call.base_url}/identity/v3/"}],
        "media-types": [
            {
                "base": "application/json",
                "type": "application/vnd.openstack.identity-v3+json",
            }
        ],
    }
