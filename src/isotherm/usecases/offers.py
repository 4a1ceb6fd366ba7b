"""Whether the cloud has what a resource type needs."""

from __future__ import annotations

from isotherm.core.errors import RemoteError
from isotherm.kit import AnyType
from isotherm.kit.registry import Registry
from isotherm.ports.cloud import Cloud
from isotherm.usecases.refusals import ResourceTypeUnavailable


async def lacking(
    cloud: Cloud, resource_type: AnyType, types: Registry
) -> ResourceTypeUnavailable | None:
    """Why the type cannot be used in this cloud; None where it can, or something of ``types``
    stands in for it. Raises RemoteError."""
    name, service, extension = resource_type.name, resource_type.service, resource_type.extension
    if name in types.stand_ins:
        return None
    if service and service not in await cloud.services():
        return ResourceTypeUnavailable(name, service)
    if not extension:
        return None
    try:
        told = await cloud.extensions(service)
    except RemoteError:
        # A service in trouble is no reason to refuse: whoever uses it is told in the end.
        return None
    if told and extension not in told:
        return ResourceTypeUnavailable(name, service, extension)
    return None
