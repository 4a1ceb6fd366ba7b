"""The condition of a service that several tests use: what one leaves is another's trouble."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import Any

from tests.clients.service import Service

_QUOTAS = (
    "/compute/v2.1/os-quota-sets/{project}",
    "/volume/v3/{project}/os-quota-sets/{project}",
    "/network/v2.0/quotas/{project}",
)
# Of users that come and go with stacks, some time after them.
_LIVING_APART = "identity"


@dataclass(frozen=True)
class Condition:
    """Stacks and objects by what they are called, and how the local cloud is set up."""

    stacks: dict[str, str]
    objects: dict[str, str]
    timings: dict[str, float]
    faults: dict[str, Any]
    quotas: dict[str, Any]

    @classmethod
    def of(cls, service: Service) -> Condition:
        project = service.project
        return cls(
            {stack_id: name for stack_id, (name, _) in _stacks(service).items()},
            {
                f"{each['service']} {each['kind']} {each['id']}": str(each["name"])
                for each in service.control("GET", "objects?seeded=false")["objects"]
                if each["service"] != _LIVING_APART
            },
            service.control("GET", "timings"),
            service.control("GET", "faults"),
            {path: service.get(path.format(project=project)) for path in _QUOTAS},
        )

    def changes(self, later: Condition) -> list[str]:
        """What is another now, in words."""
        found = []
        for each in fields(self):
            before, after = getattr(self, each.name), getattr(later, each.name)
            found += [f"{each.name}: no {key} any more" for key in before.keys() - after]
            found += [f"{each.name}: more: {key} {after[key]}" for key in after.keys() - before]
            found += [
                f"{each.name}: {key} was {before[key]}, is {after[key]}"
                for key in before.keys() & after
                if before[key] != after[key]
            ]
        return found

    def restore(self, service: Service) -> None:
        """Put all back as well as can be, where these changes were found."""
        service.control("PUT", "timings", {})
        service.control("PUT", "faults", {})
        for stack_id, (_, cloud) in _stacks(service).items():
            if stack_id not in self.stacks:
                service.openstack("stack", "delete", "--yes", "--wait", stack_id, cloud=cloud)
        service.control("POST", "reset")
        service.control("PUT", "timings", self.timings)
        service.control("PUT", "faults", self.faults)


def changes_since(found: Condition, service: Service) -> list[str]:
    """What is another than it was found, once what goes in the background has gone."""
    end = time.monotonic() + 60
    while (changes := found.changes(Condition.of(service))) and time.monotonic() < end:
        time.sleep(0.2)
    return changes


def _stacks(service: Service) -> dict[str, tuple[str, str]]:
    """Name, and the client's account, of the stacks of both projects that the tests use."""
    accounts = (
        ("isotherm", service.project, service.token),
        ("isotherm-admin", service.admin_project, service.admin_token),
    )
    return {
        each["id"]: (each["stack_name"], cloud)
        for cloud, project, token in accounts
        for each in service.get(f"/orchestration/v1/{project}/stacks", token=token)["stacks"]
    }
