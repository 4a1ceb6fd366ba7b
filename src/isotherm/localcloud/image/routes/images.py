"""Images and their tags."""

from typing import Any

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.image.attributes import assign, check_limits, check_value, read_attributes
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import conflict, forbidden, invalid, not_found
from isotherm.localcloud.image.imports import METHODS
from isotherm.localcloud.image.listing import list_page
from isotherm.localcloud.image.patches import apply_changes, read_changes
from isotherm.localcloud.image.rendering import show_image
from isotherm.localcloud.image.state import STORE, Images
from isotherm.localcloud.routing import Routes

routes = Routes[Images]("/v2")
_TAG = "/images/{image_id}/tags/{tag}"


@routes.get("/images", "image.list")
def list_images(images: Images, call: Call) -> object:
    page, links = list_page(images, call)
    shown = [show_image(image) for image in page]
    return {"images": shown, **links, "schema": "/v2/schemas/images"}


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
    return Reply(201, show_image(image), headers)


@routes.get("/images/{image_id}", "image.show")
def show(images: Images, call: Call) -> object:
    return show_image(images.visible(call.caller, call.params["image_id"]))


@routes.patch("/images/{image_id}", "image.update")
def update_image(images: Images, call: Call) -> object:
    changes = read_changes(call)
    image = images.owned(call.caller, call.params["image_id"], "modify_image")
    apply_changes(call.caller, image, changes)
    images.touch(image)
    return show_image(image)


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
