"""Members of images."""

from typing import Any

from isotherm.localcloud.exchange import Call, instead_of
from isotherm.localcloud.image import sharing
from isotherm.localcloud.image.dialect import DIALECT
from isotherm.localcloud.image.entities import Member
from isotherm.localcloud.image.faults import invalid
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.kinds import Kind
from isotherm.localcloud.routing import Routes

MEMBERS = Kind[Images, Member](
    dialect=DIALECT,
    name="member",
    entity=Member,
    verbs=(),
    more=lambda images, call, member, view: {"schema": "/v2/schemas/member"},
)
routes = Routes[Images]("/v2/images/{image_id}")


def _show(images: Images, call: Call, member: Member) -> dict[str, Any]:
    shown = MEMBERS.show(images, call, member)
    del shown["id"]
    return shown


@routes.get("/members", "member.list")
def list_members(images: Images, call: Call) -> object:
    image = sharing.shown_image(images, call.caller, call.params["image_id"])
    members = sharing.members_of(images, call.caller, image)
    return {
        "members": [_show(images, call, member) for member in members],
        "schema": "/v2/schemas/members",
    }


@routes.post("/members", "member.create")
def add_member(images: Images, call: Call) -> object:
    member_id = _member_id(call)
    image = sharing.shown_image(images, call.caller, call.params["image_id"])
    return _show(images, call, sharing.add_member(images, call.caller, image, member_id))


@routes.get("/members/{member_id}", "member.show")
def show(images: Images, call: Call) -> object:
    image = sharing.shown_image(images, call.caller, call.params["image_id"])
    return _show(
        images, call, sharing.find_member(images, call.caller, image, call.params["member_id"])
    )


@routes.put("/members/{member_id}", "member.update")
def update_member(images: Images, call: Call) -> object:
    wish = call.json
    if "status" not in wish:
        raise invalid("Status not specified")
    image = sharing.shown_image(images, call.caller, call.params["image_id"])
    member = sharing.find_member(images, call.caller, image, call.params["member_id"])
    return _show(images, call, sharing.answer(images, call.caller, member, wish["status"]))


@routes.delete("/members/{member_id}", "member.delete")
def remove_member(images: Images, call: Call) -> None:
    image = sharing.shown_image(images, call.caller, call.params["image_id"])
    sharing.remove_member(images, call.caller, image, call.params["member_id"])


def _member_id(call: Call) -> str:
    with instead_of(400, invalid("Malformed JSON in request body.")):
        document = call.document
    if not isinstance(document, dict):
        raise invalid('Expected a member in the form: {"member": "image_id"}')
    member_id = document.get("member")
    if member_id is None or not isinstance(member_id, str):
        raise invalid("Member to be added not specified")
    if not member_id:
        raise invalid("Member can't be empty")
    return member_id
