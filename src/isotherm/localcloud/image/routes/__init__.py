"""The routes of image."""

from isotherm.localcloud.image.routes import images, versions

ALL = (versions.routes, images.routes)
