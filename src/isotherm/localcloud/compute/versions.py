"""Version documents of compute."""

from typing import Any

from isotherm.localcloud.compute.microversion import MAX, MIN
from isotherm.localcloud.compute.state import Compute
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.routing import Routes

routes = Routes[Compute]()


@routes.get("", "version.list", open=True)
def list_versions(compute: Compute, call: Call) -> object:
    return {"versions": [_version(call)]}


@routes.get("/v2.1", "version.show", open=True)
def show_version(compute: Compute, call: Call) -> object:
    version = _version(call)
    version["links"].append(
        {"rel": "describedby", "type": "text/html", "href": "https://docs.openstack.org/"}
    )
    media_type = "application/vnd.openstack.compute+json;version=2.1"
    version["media-types"] = [{"base": "application/json", "type": media_type}]
    return {"version": version}


def _version(call: Call) -> dict[str, Any]:
    return {
        "id": "v2.1",
        "status": "CURRENT",
        "version": f"2.{MAX}",
        "min_version": f"2.{MIN}",
        "updated": "2013-07-23T11:33:21Z",
        "links": [{"rel": "self", "href": f"{call.base_url}/compute/v2.1/"}],
    }
