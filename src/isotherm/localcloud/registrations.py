"""The services that make up the cloud, in the order of their seeding."""

from isotherm.localcloud import (
    alarming,
    compute,
    dns,
    door,
    identity,
    image,
    key_manager,
    load_balancer,
    messaging,
    metric,
    network,
    object_store,
    shared_file_system,
    volume,
    workflow,
)
from isotherm.localcloud.service import Registration

REGISTRATIONS: tuple[Registration, ...] = (
    identity.registration,
    image.registration,
    volume.registration,
    network.registration,
    compute.registration,
    object_store.registration,
    shared_file_system.registration,
    key_manager.registration,
    messaging.registration,
    workflow.registration,
    load_balancer.registration,
    dns.registration,
    metric.registration,
    alarming.registration,
    door.registration,
)
