"""What a server is told by its metadata, by whatever way it gets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from isotherm.core.values import Value, reveal
from isotherm.kit.deployments import described_config
from isotherm.kit.resource_type import AnyType
from isotherm.kit.software import Deployment, SoftwareConfig
from isotherm.ports.records import Resource

Deployed = Sequence[tuple[Deployment, SoftwareConfig]]


def own_metadata(
    row: Resource, resource_type: AnyType, deployed: Deployed, project_id: str
) -> dict[str, Value]:
    """Besides what the template says and signals have told: what the type tells by itself, and
    what is to be deployed to a server of the project."""
    own = dict(reveal(resource_type.own_metadata(row.data)))
    of_project = [config for each, config in deployed if each.project_id == project_id]
    if resource_type.takes_deployments and (own or of_project):
        return {"deployments": [described_config(each) for each in by_name(of_project)], **own}
    return own


def by_name(configs: Iterable[SoftwareConfig]) -> list[SoftwareConfig]:
    """In the order in which servers apply them."""
    return sorted(configs, key=lambda config: config.name or "")
