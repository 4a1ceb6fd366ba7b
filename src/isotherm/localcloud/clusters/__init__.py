"""Container infrastructure v1: clusters and the templates that they are made of."""

from isotherm.localcloud.clusters.dialect import render
from isotherm.localcloud.clusters.state import ContainerInfrastructure
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=ContainerInfrastructure,
    mount="/container-infra",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("container-infrastructure-management", "magnum", "/container-infra/v1"),),
)
