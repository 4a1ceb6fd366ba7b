"""Limits per project: the service's defaults, and what an administrator set instead."""

from collections.abc import Mapping

from isotherm.localcloud.entities import Collection, Entity
from isotherm.localcloud.service import Service

UNLIMITED = -1


class Quota(Entity, kw_only=True):
    """`id` is the project's."""

    limits: dict[str, int]


class Quotas:
    def __init__(self, service: Service, defaults: Mapping[str, int]) -> None:
        self.defaults = dict(defaults)
        self._set: Collection[Quota] = service.collection("quota", Quota, listed=False)

    def limits(self, project_id: str) -> dict[str, int]:
        quota = self._set.get(project_id)
        return {**self.defaults, **(quota.limits if quota else {})}

    def update(self, project_id: str, limits: Mapping[str, int]) -> dict[str, int]:
        """Set some limits (-1: none); what they are then."""
        quota = self._set.get(project_id) or Quota(id=project_id, limits={})
        quota.limits.update(limits)
        self._set.save(quota)
        return self.limits(project_id)

    def reset(self, project_id: str) -> None:
        if project_id in self._set:
            self._set.remove(project_id)

    def changed(self) -> dict[str, dict[str, int]]:
        """The limits of the projects whose limits were set, by project."""
        return {quota.id: self.limits(quota.id) for quota in self._set}

    def exceeded(
        self, project_id: str, used: Mapping[str, int], wanted: Mapping[str, int]
    ) -> list[str]:
        """The names whose limit would be passed, in the order of `wanted`."""
        limits = self.limits(project_id)
        return [
            name
            for name, more in wanted.items()
            if more > 0 and limits[name] != UNLIMITED and used.get(name, 0) + more > limits[name]
        ]
