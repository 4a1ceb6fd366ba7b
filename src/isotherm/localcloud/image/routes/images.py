"""Images."""

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.image import rendering
from isotherm.localcloud.image.faults import no_image
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.routing import Routes

routes = Routes[Images]("/v2")


@routes.get("/images", "image.list")
def list_images(images: Images, call: Call) -> object:
    return {"images": [rendering.show(image) for image in images.images]}


@routes.get("/images/{image_id}", "image.show")
def show_image(images: Images, call: Call) -> object:
    image = images.images.get(call.params["image_id"])
    if image is None:
        raise no_image(call.params["image_id"])
    return rendering.show(image)
