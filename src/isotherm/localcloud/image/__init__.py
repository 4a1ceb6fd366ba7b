"""Image v2: images, their data, and who may use them."""

from isotherm.localcloud.image import data, discovery, images, members
from isotherm.localcloud.image.faults import render
from isotherm.localcloud.image.state import Images, transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Images,
    mount="/image",
    routes=(discovery.routes, data.routes, members.routes),
    kinds=(images.IMAGES,),
    render=render,
    transitions=transitions,
    catalog=(CatalogEntry("image", "glance", "/image"),),
)

__all__ = ["Images", "registration"]
