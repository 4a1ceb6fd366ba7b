"""Container infrastructure: clusters and the templates that they are made of."""

from typing import Any

from isotherm.kit.finder import ANYTHING, Finder
from isotherm.kit.service import Service, busy, declare

CLUSTERS = declare(
    Service(
        "container-infrastructure-management",
        version="v1",
        microversions="container-infra",
        busy=(busy(r"when status is \".*_IN_PROGRESS\" is not supported", 400),),
    )
)

_COMMON: dict[str, Any] = {
    "microversion": "1.8",
    "id_field": "uuid",
    "update_method": "PATCH",
    "patch_type": "application/json",
}

CLUSTER = CLUSTERS.entity("", "/clusters", "clusters", **_COMMON)
CLUSTER_TEMPLATE = CLUSTERS.entity(
    "",
    "/clustertemplates",
    "clustertemplates",
    finder=Finder("magnum.cluster_template", ANYTHING, by_name=False),
    **_COMMON,
)
