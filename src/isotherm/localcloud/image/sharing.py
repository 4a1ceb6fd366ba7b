"""Members of shared images."""

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.image.entities import Image, Member
from isotherm.localcloud.image.faults import (
    conflict,
    forbidden,
    invalid,
    not_found,
    over_limit,
    unauthorized_action,
)
from isotherm.localcloud.image.schemas import MEMBER_STATUSES
from isotherm.localcloud.image.state import Images

MEMBER_LIMIT = 128


def shown_image(images: Images, caller: Caller, image_id: str) -> Image:
    """The image whose members are asked for. Raises Fault 404."""
    image = images.images.get(image_id)
    if image is None or not images.may_see(caller, image):
        raise not_found(f"Image {image_id} not found.")
    return image


def members_of(images: Images, caller: Caller, image: Image) -> list[Member]:
    """All for the owner, its own for a member. Raises Fault 403."""
    if image.visibility != "shared":
        raise forbidden(
            f"Not allowed to list members for image {image.id}: Only shared images have members."
        )
    members = images.members.find(image_id=image.id)
    if caller.sees(image.owner):
        return members
    return [member for member in members if member.member_id == caller.project_id]


def find_member(images: Images, caller: Caller, image: Image, member_id: str) -> Member:
    """Raises Fault 404."""
    member = images.membership(image, member_id)
    if member is None or not (caller.sees(image.owner) or member_id == caller.project_id):
        raise not_found(f"{member_id} not found in the member list of the image {image.id}.")
    return member


def add_member(images: Images, caller: Caller, image: Image, member_id: str) -> Member:
    """Raises Fault 403, 409, 413."""
    if image.visibility != "shared":
        raise forbidden(f"Not allowed to create members for image {image.id}.")
    if not caller.sees(image.owner):
        raise unauthorized_action("add_member")
    if images.membership(image, member_id) is not None:
        raise conflict(f"Member {member_id} is duplicated for image {image.id}")
    count = len(images.members.find(image_id=image.id)) + 1
    if count > MEMBER_LIMIT:
        raise over_limit("members for this image", count, MEMBER_LIMIT)
    now = images.now()
    return images.members.add(
        Member(image_id=image.id, member_id=member_id, created_at=now, updated_at=now)
    )


def answer(images: Images, caller: Caller, member: Member, status: object) -> Member:
    """Accept or reject. Only the member itself does. Raises Fault 400, 403."""
    if not caller.sees(member.member_id):
        raise unauthorized_action("modify_member")
    if not isinstance(status, str) or status not in MEMBER_STATUSES:
        raise invalid('Incorrect request: Status must be "pending", "accepted" or "rejected".')
    member.status, member.updated_at = status, images.now()
    return images.members.save(member)


def remove_member(images: Images, caller: Caller, image: Image, member_id: str) -> None:
    """Raises Fault 403, 404."""
    member = find_member(images, caller, image, member_id)
    if not caller.sees(image.owner):
        raise unauthorized_action("delete_member")
    images.members.remove(member.id)
