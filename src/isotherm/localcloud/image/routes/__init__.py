"""The routes of image."""

from isotherm.localcloud.image.routes import data, discovery, images, members

ALL = (discovery.routes, images.routes, data.routes, members.routes)
