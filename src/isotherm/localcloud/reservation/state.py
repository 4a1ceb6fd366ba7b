"""Reservations: what is remembered of them, and what of it goes over the wire."""

from typing import Annotated, Any

import msgspec

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import as_is, list_of, or_none, text
from isotherm.localcloud.service import Frame, Service

_TEXT = or_none(text())


class Host(Entity, kw_only=True, eq=False):
    created_at: Annotated[float, moment("")]
    updated_at: Annotated[float | None, moment("")] = None
    name: Annotated[str, said(text(1), required=True, update=False, shown=False)]
    hypervisor_hostname: Annotated[str, shown()]
    hypervisor_type: Annotated[str, shown()] = "QEMU"
    hypervisor_version: Annotated[int, shown()] = 2010001
    vcpus: Annotated[int, shown()] = 8
    cpu_info: Annotated[dict[str, Any], shown()] = msgspec.field(
        default_factory=lambda: {"arch": "x86_64"}
    )
    memory_mb: Annotated[int, shown()] = 16384
    local_gb: Annotated[int, shown()] = 100
    service_name: Annotated[str, shown()] = ""
    reservable: Annotated[bool, shown()] = True
    status: Annotated[str | None, shown()] = None
    availability_zone: Annotated[str, shown()] = "nova"
    trust_id: Annotated[str, shown()] = ""
    capabilities: dict[str, Any] = {}


class Lease(Entity, kw_only=True, eq=False):
    project_id: Annotated[str, shown()]
    user_id: Annotated[str, shown()]
    created_at: Annotated[float, moment("")]
    updated_at: Annotated[float | None, moment("")] = None
    name: Annotated[str, said(text(1), required=True)]
    start_date: Annotated[str, said(text(1), required=True)]
    end_date: Annotated[str, said(text(1), required=True)]
    before_end_date: Annotated[str | None, said(_TEXT, shown=False)] = None
    reservations: Annotated[list[dict[str, Any]], said(list_of(as_is))] = []
    events: Annotated[list[dict[str, Any]], said(list_of(as_is))] = []
    status: Annotated[str, shown()] = "PENDING"
    degraded: Annotated[bool, shown()] = False
    trust_id: Annotated[str, shown()] = ""

    @property
    def hosts(self) -> list[str]:
        """Names of those that it holds."""
        return [str(name) for each in self.reservations for name in each.get("hosts") or ()]


class Reservations(Service):
    service_type = "reservation"

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.hosts = self.collection("host", Host, index=("name",))
        self.leases = self.collection("lease", Lease, index=("project_id", "name"))
