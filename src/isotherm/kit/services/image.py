"""Images."""

from isotherm.kit.finder import Finder
from isotherm.kit.service import Service, declare

IMAGES = declare(Service("image", version="v2"))

IMAGE = IMAGES.entity("", "/images", "images", update_method="PATCH", finder=Finder("glance.image"))
