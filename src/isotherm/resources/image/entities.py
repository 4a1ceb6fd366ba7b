"""Coordinates of image objects."""

from isotherm.kit import Entity

IMAGE = Entity("image", "", "/images", "images", update_method="PATCH")
