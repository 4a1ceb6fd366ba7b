"""Container infrastructure: its collections and quotas."""

from isotherm.localcloud.clusters.entities import Cluster, ClusterTemplate
from isotherm.localcloud.quotas import Quotas
from isotherm.localcloud.service import Frame, Service


class ContainerInfrastructure(Service):
    service_type = "container-infrastructure-management"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.templates = self.collection("clustertemplate", ClusterTemplate, index=("project_id",))
        self.clusters = self.collection("cluster", Cluster, index=("project_id",))
        self.quotas = Quotas(self, {"clusters": 20})
