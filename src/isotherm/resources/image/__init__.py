"""OS::Glance::*: images."""

from isotherm.resources.image import web_image

__all__ = ["web_image"]
