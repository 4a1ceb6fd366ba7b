"""Services of which no object is known here yet; only how they are reached."""

from isotherm.kit.service import Service, declare

APPLICATION_CONTAINER = declare(
    Service("application-container", version="v1", microversions="container")
)
CLOUDFORMATION = declare(Service("cloudformation"))
BACKUP = declare(Service("backup", version="v2"))
BAREMETAL = declare(
    Service(
        "baremetal",
        version="v1",
        microversions="baremetal",
        own_header="X-OpenStack-Ironic-API-Version",
    )
)
CLUSTERS = declare(
    Service("container-infrastructure-management", version="v1", microversions="container-infra")
)
DATABASE = declare(Service("database", version="v1.0", per_project=True))
PLACEMENT = declare(Service("placement", microversions="placement"))
