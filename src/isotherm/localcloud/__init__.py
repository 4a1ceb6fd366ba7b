"""An OpenStack-speaking cloud over HTTP, built in and on its own.

This room imports nothing else of the project. Way in for the composition root:

    cloud = build_cloud(state_folder, catalog=[CatalogEntry("orchestration", "isotherm",
                        "/orchestration/v1/%(project_id)s"), ...])
    Mount("/", cloud.app); cloud.password("demo"); cloud.close()
    uvicorn.Config(..., http=AbortableHttpProtocol)      # lets faults cut connections

How a service is written: docs/how-to/write-a-service-of-the-local-cloud.md.
"""

from isotherm.localcloud.clock import Clock
from isotherm.localcloud.cloud import LocalCloud, build_cloud
from isotherm.localcloud.connection import AbortableHttpProtocol
from isotherm.localcloud.journal import JournalError
from isotherm.localcloud.service import PUBLIC_NETWORK, CatalogEntry

__all__ = [
    "PUBLIC_NETWORK",
    "AbortableHttpProtocol",
    "CatalogEntry",
    "Clock",
    "JournalError",
    "LocalCloud",
    "build_cloud",
]
