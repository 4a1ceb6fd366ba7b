"""Image: what is there, and the verbs on it."""

from hashlib import md5, sha512

from isotherm.localcloud.image.entities import Image, ImageData
from isotherm.localcloud.service import Frame, Service, Transitions

_SEED_NAME = "cirros"
_SEED_CONTENT = b"A disk image for tests. " * 16
STORE = "local"


class Images(Service):
    service_type = "image"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.images = self.collection("image", Image, index=("owner", "name"))
        self.data = self.collection("image_data", ImageData, listed=False)

    def seed(self) -> None:
        now = self.now()
        image = Image(
            owner=self.frame.peers.identity.project_id("admin"),
            created_at=now,
            updated_at=now,
            name=_SEED_NAME,
            visibility="public",
            container_format="bare",
            disk_format="qcow2",
        )
        self.images.add(image)
        self.store(image, _SEED_CONTENT)

    def store(self, image: Image, content: bytes) -> None:
        """The image has its data and is active."""
        self.data.save(ImageData(id=image.id, content=content))
        image.status, image.size = "active", len(content)
        image.checksum = md5(content, usedforsecurity=False).hexdigest()
        image.hash_value = sha512(content).hexdigest()
        image.stores, image.updated_at = [STORE], self.now()
        self.images.save(image)


transitions = Transitions[Images]()
