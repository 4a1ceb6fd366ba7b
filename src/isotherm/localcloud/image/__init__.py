"""Image v2: images, their data, and who may use them."""

from isotherm.localcloud.image.faults import render
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Images,
    mount="/image",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("image", "glance", "/image"),),
)
