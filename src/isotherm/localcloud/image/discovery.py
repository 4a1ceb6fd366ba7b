"""What the service is: versions, schemas, stores, ways of importing."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.image.faults import not_found, unauthorized_action
from isotherm.localcloud.image.imports import METHODS
from isotherm.localcloud.image.schemas import ALL
from isotherm.localcloud.image.state import STORE, Images
from isotherm.localcloud.routing import Routes

routes = Routes[Images]()
_CURRENT = 17
_SUPPORTED = (15, *range(13, -1, -1))


@routes.get("", "version.list", open=True)
def list_versions(images: Images, call: Call) -> object:
    return Reply(300, _versions(call))


@routes.get("/versions", "version.show", open=True)
def show_versions(images: Images, call: Call) -> object:
    return _versions(call)


@routes.get("/v2/schemas/{name}", "schema.show")
def show_schema(images: Images, call: Call) -> object:
    schema = ALL.get(call.params["name"])
    if schema is None:
        raise not_found("The resource could not be found.")
    return schema


@routes.get("/v2/info/import", "import_info.show")
def show_import_info(images: Images, call: Call) -> object:
    methods = {
        "description": "Import methods available.",
        "type": "array",
        "value": list(METHODS),
    }
    return {"import-methods": methods}


@routes.get("/v2/info/stores", "store.list")
def list_stores(images: Images, call: Call) -> object:
    return {"stores": [{"id": STORE, "default": "true"}]}


@routes.get("/v2/info/stores/detail", "store.show")
def list_stores_in_detail(images: Images, call: Call) -> object:
    if not call.caller.is_admin:
        raise unauthorized_action("stores_info_detail")
    store = {"id": STORE, "default": "true", "type": "file", "weight": 0, "properties": {}}
    return {"stores": [store]}


@routes.get("/v2/info/usage", "usage.show")
def show_usage(images: Images, call: Call) -> object:
    return {"usage": {}}


def _versions(call: Call) -> dict[str, Any]:
    links = [{"rel": "self", "href": f"{call.base_url}/image/v2/"}]
    minors = [(_CURRENT, "CURRENT"), *((minor, "SUPPORTED") for minor in _SUPPORTED)]
    return {
        "versions": [
            {"id": f"v2.{minor}", "status": status, "links": links} for minor, status in minors
        ]
    }
