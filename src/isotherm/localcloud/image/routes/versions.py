"""The version document of image."""

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.routing import Routes

routes = Routes[Images]()
_MINORS = (17, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)


@routes.get("", "version.list", open=True)
def list_versions(images: Images, call: Call) -> object:
    links = [{"rel": "self", "href": f"{call.base_url}/image/v2/"}]
    versions = [{"id": f"v2.{minor}", "status": "SUPPORTED", "links": links} for minor in _MINORS]
    versions[0]["status"] = "CURRENT"
    return Reply(300, {"versions": versions})


@routes.get("/versions", "version.show", open=True)
def show_versions(images: Images, call: Call) -> object:
    reply = list_versions(images, call)
    return reply.body if isinstance(reply, Reply) else reply
