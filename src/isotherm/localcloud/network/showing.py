"""What all kinds show in the same way."""

from typing import Any

from isotherm.localcloud.network.entities import NetworkEntity


def common(entity: NetworkEntity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "name": entity.name,
        "project_id": entity.project_id,
        "tenant_id": entity.project_id,
        "description": entity.description,
        "tags": entity.tags,
        "created_at": entity.created_at,
        "updated_at": entity.updated_at,
        "revision_number": entity.revision_number,
    }
