"""Application containers."""

from isotherm.kit.service import Service, declare

APPLICATION_CONTAINER = declare(
    Service("application-container", version="v1", microversions="container")
)

CONTAINER = APPLICATION_CONTAINER.entity(
    "",
    "/containers",
    "containers",
    microversion="1.22",
    id_field="uuid",
    update_method="PATCH",
)
