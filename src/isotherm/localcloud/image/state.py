"""Image: what is there, who may see and change it, and what other services ask of it."""

from typing import Any

from isotherm.localcloud.exchange import Caller
from isotherm.localcloud.image.attributes import is_base
from isotherm.localcloud.image.contents import describe
from isotherm.localcloud.image.entities import DeletedImage, Image, ImageData, Member
from isotherm.localcloud.image.faults import no_image, unauthorized_action
from isotherm.localcloud.peers import ImageFacts
from isotherm.localcloud.service import Frame, Service, Transitions

STORE = "local"
_SEED_CONTENT = b"A disk that is only ever looked at from outside. " * 8
_SNAPSHOT_FORMATS = {"disk_format": "raw", "container_format": "bare"}


class Images(Service):
    service_type = "image"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.images = self.collection("image", Image, index=("owner", "name"))
        self.members = self.collection("member", Member, index=("image_id", "member_id"))
        self.data = self.collection("image_data", ImageData, listed=False)
        self.deleted = self.collection("deleted_image", DeletedImage, listed=False)

    def seed(self) -> None:
        image = self.create(
            self.frame.peers.identity.project_id("admin"),
            {
                "name": "cirros",
                "visibility": "public",
                "container_format": "bare",
                "disk_format": "raw",
            },
        )
        self.keep_data(image, _SEED_CONTENT)
        self.activate(image)

    # Verbs.

    def create(self, owner: str | None, fields: dict[str, Any]) -> Image:
        """A queued image of checked fields."""
        now = self.now()
        return self.images.add(Image(**{"owner": owner, **fields}, created_at=now, updated_at=now))

    def touch(self, image: Image) -> None:
        image.updated_at = self.now()
        self.images.save(image)

    def keep_data(self, image: Image, content: bytes) -> None:
        self.data.save(ImageData(id=image.id, content=content))

    def activate(self, image: Image) -> None:
        """The image has its data and can be used."""
        data = self.data.get(image.id)
        if data is not None:
            describe(image, data.content)
        image.status, image.stores = "active", STORE
        self.touch(image)

    def delete(self, image: Image) -> None:
        for member in self.members.find(image_id=image.id):
            self.members.remove(member.id)
        if image.id in self.data:
            self.data.remove(image.id)
        self.cancel(image)
        self.images.remove(image.id)
        self.deleted.add(DeletedImage(id=image.id))

    # Rights.

    def membership(self, image: Image, project_id: str | None) -> Member | None:
        for member in self.members.find(image_id=image.id, member_id=project_id):
            return member
        return None

    def may_see(self, caller: Caller, image: Image) -> bool:
        if caller.sees(image.owner) or image.visibility in ("public", "community"):
            return True
        member = self.membership(image, caller.project_id)
        return member is not None and image.visibility == "shared"

    def visible(self, caller: Caller, image_id: str) -> Image:
        """Raises Fault 404."""
        image = self.images.get(image_id)
        if image is None or not self.may_see(caller, image):
            raise no_image(image_id)
        return image

    def owned(self, caller: Caller, image_id: str, action: str) -> Image:
        """The image if the caller may change it. Raises Fault 403, 404."""
        image = self.visible(caller, image_id)
        if not caller.sees(image.owner):
            raise unauthorized_action(action)
        return image

    # What other services ask.

    def find_image(self, caller: Caller, image_id: str) -> ImageFacts:
        image = self.visible(caller, image_id)
        return ImageFacts(
            id=image.id,
            name=image.name or "",
            status=image.status,
            min_disk=image.min_disk,
            min_ram=image.min_ram,
            size=image.size or 0,
            properties=dict(image.properties),
            checksum=image.checksum,
            disk_format=image.disk_format,
            container_format=image.container_format,
        )

    def create_snapshot(self, caller: Caller, name: str, properties: dict[str, str]) -> str:
        base = self.images.get(properties.get("base_image_ref", ""))
        fields: dict[str, Any] = {
            "name": name,
            "visibility": "private",
            "properties": {key: str(v) for key, v in properties.items() if not is_base(key)},
        }
        for format_, default in _SNAPSHOT_FORMATS.items():
            inherited = getattr(base, format_, None)
            fields[format_] = properties.get(format_) or inherited or default
        if base is not None:
            fields |= {"min_disk": base.min_disk, "min_ram": base.min_ram}
        return self.create(caller.project_id, fields).id

    def complete_snapshot(self, image_id: str, size: int) -> None:
        image = self.images.get(image_id)
        if image is not None:
            image.size = size
            self.activate(image)

    def image_data(self, image_id: str) -> bytes | None:
        data = self.data.get(image_id)
        return None if data is None else data.content


transitions = Transitions[Images]()


@transitions.on("image.activate")
def activate(images: Images, image: Image, args: dict[str, Any]) -> None:
    images.activate(image)


@transitions.on("image.fail")
def fail(images: Images, image: Image, args: dict[str, Any]) -> None:
    """The data did not arrive: `state` is killed, or queued for another try."""
    if image.id in images.data:
        images.data.remove(image.id)
    if image.status == "importing":
        image.properties["os_glance_failed_import"] = STORE
    image.status, image.size = args["state"], None
    images.touch(image)


@transitions.on("image.import")
def complete_import(images: Images, image: Image, args: dict[str, Any]) -> None:
    image.properties["os_glance_importing_to_stores"] = ""
    images.activate(image)
