"""Container infrastructure v1: clusters and the templates that they are made of."""

from isotherm.localcloud.clusters.cluster_templates import TEMPLATES
from isotherm.localcloud.clusters.clusters import CLUSTERS
from isotherm.localcloud.clusters.dialect import render, versions
from isotherm.localcloud.clusters.state import ContainerInfrastructure
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=ContainerInfrastructure,
    mount="/container-infra",
    routes=(versions,),
    kinds=(TEMPLATES, CLUSTERS),
    render=render,
    catalog=(CatalogEntry("container-infrastructure-management", "magnum", "/container-infra/v1"),),
)

__all__ = ["registration"]
