"""Which versions there are, and whether the service is well."""

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.messaging.state import Messaging
from isotherm.localcloud.routing import Routes

versions = Routes[Messaging]()
routes = Routes[Messaging]("/v2")


@versions.get("/", "version.list", open=True)
def list_versions(messaging: Messaging, call: Call) -> object:
    version = {
        "id": "2",
        "status": "CURRENT",
        "updated": "2014-9-24T04:06:47Z",
        "links": [{"href": "/v2/", "rel": "self"}],
        "media-types": [{"base": "application/json", "type": "application/json"}],
    }
    return Reply(300, {"versions": [version]})


@routes.get("/ping", "service.ping", status=204, open=True)
def ping(messaging: Messaging, call: Call) -> None:
    """It is here."""


@routes.get("/health", "service.health", admin=True)
def health(messaging: Messaging, call: Call) -> object:
    return {"catalog_reachable": True, "storage_reachable": True}
