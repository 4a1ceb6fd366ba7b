"""OS::Glance::Image: an image that the image service downloads, as templates said it once."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, deprecated, hidden, prop, register, supported
from isotherm.resources.image.web_image import UUID, WebImage


class ImageProperties(Properties):
    name: str | None = prop("Name; by default one is made up.")
    id: str | None = prop("Its id; by default one is made up.")
    is_public: bool = prop("Whether all projects may use it.", default=False)
    min_disk: int = prop("Disk in GiB that a server needs at least.", default=0, ge=0)
    min_ram: int = prop("Memory in MiB that a server needs at least.", default=0, ge=0)
    protected: bool = prop("Whether it cannot be deleted.", default=False)
    disk_format: str = prop("Disk format.", allowed=("ami", "ari", "aki", "vhd", "vmdk", "raw", "qcow2", "vdi", "iso"))
    container_format: str = prop("Outer format.", allowed=("ami", "ari", "aki", "bare", "ova", "ovf"))
    location: str = prop("URL to download it from.")
    tags: list[Any] | None = prop("Tags.", update_allowed=True)
    extra_properties: dict[str, Any] = prop("Any other properties.", default={}, update_allowed=True)
    architecture: str | None = prop("Processor architecture.", update_allowed=True)
    kernel_id: str | None = prop("Image of the kernel.", pattern=UUID, update_allowed=True)
    os_distro: str | None = prop("Distribution, as libosinfo calls it.", update_allowed=True)
    owner: str | None = prop("Project that owns it.", update_allowed=True)
    ramdisk_id: str | None = prop("Image of the RAM disk.", pattern=UUID, update_allowed=True)


@register("OS::Glance::Image", support=hidden("22.0.0", deprecated("8.0.0", supported("2014.2"))))
class Image(kit.TranslatedType[ImageProperties]):
    """An image that the image service downloads: use OS::Glance::WebImage instead."""

    target = WebImage()
    service = ""

    def words(self, props: ImageProperties, data: kit.Values) -> kit.Fields:
        given = {name: each for name, each in props.given().items() if name != "is_public"}
        return {**given, "visibility": "public" if props.is_public else "private"}
