"""The data of images: upload, download, staging, import."""

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.image.contents import part_of
from isotherm.localcloud.image.faults import bad_media_type, forbidden, invalid, wrong_transition
from isotherm.localcloud.image.imports import begin_import, stage
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.routing import Routes

routes = Routes[Images]("/v2")
_FILE = "/images/{image_id}/file"
_MEDIA_TYPE = "application/octet-stream"
# The data is kept in memory: enough for the small images of tests and demonstrations.
_DATA_LIMIT = 256 * 2**20


@routes.put(_FILE, "image.upload", status=204, body_limit=_DATA_LIMIT)
def upload(images: Images, call: Call) -> None:
    _check_media_type(call)
    image = images.owned(call.caller, call.params["image_id"], "upload_image")
    if image.status != "queued":
        raise wrong_transition(image.status, "saving")
    if image.disk_format is None or image.container_format is None:
        raise invalid("Properties disk_format, container_format must be set prior to saving data.")
    content = _content(call)
    images.keep_data(image, content)
    image.status = "saving"
    images.touch(image)
    images.advance(call, "image.activate", image)


@routes.get(_FILE, "image.download")
def download(images: Images, call: Call) -> object:
    image = images.visible(call.caller, call.params["image_id"])
    if image.status == "deactivated" and not call.caller.is_admin:
        raise forbidden(
            "The requested image has been deactivated. Image data download is forbidden."
        )
    content = images.image_data(image.id)
    if content is None or image.status not in ("active", "deactivated"):
        return Reply(204)
    headers = {"Content-Type": _MEDIA_TYPE, "Content-MD5": image.checksum or ""}
    asked = part_of(len(content), call.headers.get("range"), call.headers.get("content-range"))
    if asked is None:
        return Reply(200, content, headers)
    first, last = asked
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Reply(206, content[first : last + 1], headers)


@routes.put("/images/{image_id}/stage", "image.stage", status=204, body_limit=_DATA_LIMIT)
def stage_data(images: Images, call: Call) -> None:
    _check_media_type(call)
    image = images.owned(call.caller, call.params["image_id"], "stage_image")
    stage(images, image, _content(call))


@routes.post("/images/{image_id}/import", "image.import", status=202)
def import_image(images: Images, call: Call) -> None:
    wish = call.json
    image = images.owned(call.caller, call.params["image_id"], "import_image")
    begin_import(images, call, image, wish)


@routes.get("/images/{image_id}/tasks", "image.list_tasks")
def list_tasks(images: Images, call: Call) -> object:
    images.visible(call.caller, call.params["image_id"])
    return {"tasks": []}


def _check_media_type(call: Call) -> None:
    media_type = call.headers.get("content-type")
    media_type = (media_type or "").partition(";")[0]
    if media_type != _MEDIA_TYPE:
        raise bad_media_type(f"Invalid content type {media_type}")


def _content(call: Call) -> bytes:
    """The body, if it is as long as announced. Raises Fault 400."""
    announced = call.headers.get("x-openstack-image-size")
    if announced is not None:
        if not announced.isascii() or not announced.isdigit():
            raise invalid("Invalid or missing image size in request headers.")
        if int(announced) != len(call.body):
            raise invalid(f"Size mismatch: expected {announced} bytes, got {len(call.body)} bytes")
    return call.body
