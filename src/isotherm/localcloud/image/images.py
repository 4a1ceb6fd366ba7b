"""Images and their tags."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Reply
from isotherm.localcloud.image import lists
from isotherm.localcloud.image.attributes import assign, check_limits, check_value, read_attributes
from isotherm.localcloud.image.dialect import DIALECT
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import conflict, forbidden, invalid, not_found
from isotherm.localcloud.image.imports import METHODS
from isotherm.localcloud.image.patches import apply_changes, read_changes
from isotherm.localcloud.image.state import STORE, Images
from isotherm.localcloud.kinds import Kind

_TAG = "/images/{image_id}/tags/{tag}"


def _may_see(images: Images, caller: Caller, image: Image) -> bool:
    return images.may_see(caller, image)


def _more(images: Images, call: Call, image: Image, view: str) -> dict[str, Any]:
    path = f"/v2/images/{image.id}"
    stores = {} if image.stores is None else {"stores": image.stores}
    own = {"self": path, "file": f"{path}/file", "schema": "/v2/schemas/image"}
    return {**image.properties, **stores, **own}


IMAGES = Kind[Images, Image](
    dialect=DIALECT,
    name="image",
    entity=Image,
    verbs=("show",),
    visible=_may_see,
    more=_more,
)
routes = IMAGES.routes


@routes.get("/images", "image.list")
def list_images(images: Images, call: Call) -> object:
    listed = list(lists.seen(images, call.caller, dict(call.query)))
    return IMAGES.list_these(images, call, listed)


@routes.post("/images", "image.create")
def create_image(images: Images, call: Call) -> object:
    if not call.body:
        raise invalid("Body expected in request.")
    fields = _fields(call)
    image_id = fields.get("id")
    if image_id is not None and (image_id in images.images or image_id in images.deleted):
        raise conflict(f"Image ID {image_id} already exists!")
    image = images.create(call.caller.project_id, fields)
    headers = {
        "Location": f"{call.base_url}/image/v2/images/{image.id}",
        "OpenStack-image-import-methods": ",".join(METHODS),
        "OpenStack-image-store-ids": STORE,
    }
    return Reply(201, IMAGES.show(images, call, image), headers)


@routes.patch("/images/{image_id}", "image.update")
def update_image(images: Images, call: Call) -> object:
    changes = read_changes(call)
    image = images.owned(call.caller, call.params["image_id"], "modify_image")
    apply_changes(call.caller, image, changes)
    images.touch(image)
    return IMAGES.show(images, call, image)


@routes.delete("/images/{image_id}", "image.delete")
def delete_image(images: Images, call: Call) -> None:
    image_id = call.params["image_id"]
    found = images.images.get(image_id)
    if found is None or not images.may_see(call.caller, found):
        raise not_found(f"Failed to find image {image_id} to delete")
    image = images.owned(call.caller, image_id, "delete_image")
    if image.protected:
        raise forbidden(f"Image {image_id} is protected and cannot be deleted.")
    images.delete(image)


@routes.post("/images/{image_id}/actions/deactivate", "image.deactivate", status=204)
def deactivate_image(images: Images, call: Call) -> None:
    _switch(images, call, "deactivate", "deactivated")


@routes.post("/images/{image_id}/actions/reactivate", "image.reactivate", status=204)
def reactivate_image(images: Images, call: Call) -> None:
    _switch(images, call, "reactivate", "active")


@routes.put(_TAG, "tag.create", status=204)
def add_tag(images: Images, call: Call) -> None:
    image = _tagged(images, call)
    tag = call.params["tag"]
    check_value(call.caller, "tags", [tag])
    if tag not in image.tags:
        check_limits(Image(owner=None, created_at=0, updated_at=0, tags=[*image.tags, tag]))
        image.tags.append(tag)
        images.touch(image)


@routes.delete(_TAG, "tag.delete")
def delete_tag(images: Images, call: Call) -> None:
    image = _tagged(images, call)
    if call.params["tag"] not in image.tags:
        raise not_found("The resource could not be found.")
    image.tags.remove(call.params["tag"])
    images.touch(image)


def _fields(call: Call) -> dict[str, Any]:
    """The fields of the new image, extra properties apart."""
    wanted = read_attributes(call.caller, call.json)
    draft = Image(owner=None, created_at=0, updated_at=0)
    for name, value in wanted.items():
        assign(draft, name, value)
    check_limits(draft)
    fields = {name: getattr(draft, name) for name in wanted if name in draft.__struct_fields__}
    return {**fields, "properties": draft.properties}


def _switch(images: Images, call: Call, verb: str, status: str) -> None:
    image = images.owned(call.caller, call.params["image_id"], verb)
    if image.status not in ("active", "deactivated"):
        raise forbidden(f"Not allowed to {verb} image in status '{image.status}'")
    image.status = status
    images.touch(image)


def _tagged(images: Images, call: Call) -> Image:
    image_id = call.params["image_id"]
    found = images.images.get(image_id)
    if found is None or not images.may_see(call.caller, found):
        raise not_found(f"Image {image_id} not found.")
    return images.owned(call.caller, image_id, "modify_image")
