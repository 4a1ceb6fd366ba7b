"""Images."""

from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

IMAGES = declare(Service("image", version="v2"))

IMAGE = IMAGES.entity(
    "",
    "/images",
    "images",
    update_method="PATCH",
    patch_type="application/openstack-images-v2.1-json-patch",
    finder=Finder("glance.image"),
)
