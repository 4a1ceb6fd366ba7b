"""OS::Blazar::Host and Lease: hosts that can be reserved, and their reservations."""

from typing import Any, ClassVar

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.reservation import HOST, LEASE

_KNOWN = frozenset(
    {
        "id", "hypervisor_hostname", "hypervisor_type", "hypervisor_version", "vcpus", "cpu_info", "memory_mb",
        "local_gb", "service_name", "reservable", "status", "trust_id", "created_at", "updated_at",
        "availability_zone",
    }
)  # fmt: skip


class HostProperties(Properties):
    name: str = prop("Name of the host, as compute calls it.")
    extra_capability: dict[str, Any] | None = prop("What it has besides.", merges=True)


def capabilities(_: Any, remote: kit.Remote) -> kit.Value:
    return {name: each for name, each in remote.items() if name not in _KNOWN}


@register("OS::Blazar::Host", support=supported("12.0.0"))
class Host(kit.UniqueType[HostProperties]):
    """A host that can be reserved; for administrators. It can be added once."""

    entity = HOST
    name_field = ""
    patience = 60.0
    links = (kit.Link("reservable host", ("name",)),)
    attributes = (
        attr("hypervisor_hostname", doc="Its name."),
        attr("hypervisor_type", doc="Kind of hypervisor."),
        attr("hypervisor_version", int, "Version of it."),
        attr("vcpus", int, "Virtual processors."),
        attr("cpu_info", dict, "About its processors."),
        attr("memory_mb", int, "Memory in MiB."),
        attr("local_gb", int, "Disk in GiB."),
        attr("service_name", doc="Its compute service."),
        attr("reservable", bool, "Whether it can be reserved."),
        attr("status", doc="Its state."),
        attr("trust_id", doc="Trust that it was added with."),
        attr("extra_capability", dict, "What it has besides.", reads=capabilities),
        attr("created_at", doc="When it was added."),
        attr("updated_at", doc="When it was changed."),
    )

    async def find(self, ctx: kit.Context[HostProperties]) -> kit.Candidates:
        """A host is added once."""
        found = await ctx.api.list(HOST)
        return [self.candidate(each) for each in found if each["hypervisor_hostname"] == ctx.props.name]


_DATE = r"\d{4}-\d{2}-\d{2}\s\d{2}:\d{2}"
_MOST = 2**31 - 1
_ROOM = ("amount", "vcpus", "memory_mb", "disk_gb")
_HOSTS = ("min", "max")
_OF_HOSTS = (*_HOSTS, "hypervisor_properties", "resource_properties", "before_end")
_OF_ROOM = (*_ROOM, "affinity")
_BY_DEFAULT: kit.Fields = {"before_end": "default", "affinity": False}


class Reservation(Properties):
    resource_type: str = prop("Hosts, or room on them.", allowed=("virtual:instance", "physical:host"))
    min: int | None = prop("Hosts at least.", ge=1)
    max: int | None = prop("Hosts at most.", ge=1)
    hypervisor_properties: str | None = prop("What the hypervisors are to be like.")
    resource_properties: str | None = prop("What the hosts are to be like.")
    before_end: str = prop("What is done before the end.", default="default", allowed=("default", "snapshot"))
    amount: int | None = prop("Servers there is to be room for.", ge=0, le=_MOST)
    vcpus: int | None = prop("Virtual processors of each.", ge=0, le=_MOST)
    memory_mb: int | None = prop("Memory of each in MiB.", ge=0, le=_MOST)
    disk_gb: int | None = prop("Disk of each in GiB.", ge=0, le=_MOST)
    affinity: bool = prop("Whether they are to be on one host.", default=False)

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        kind = given.get("resource_type")
        if not isinstance(kind, str):
            return
        of_hosts = kind == "physical:host"
        needed, strange = (_HOSTS, _OF_ROOM) if of_hosts else (_ROOM, _OF_HOSTS)
        for name in needed:
            if name not in kit.given(given):
                yield name, f"must be given for {kind}"
        for name in strange:
            if name in kit.surely_given(given) and given[name] != _BY_DEFAULT.get(name):
                yield name, f"cannot be given for {kind}"


class Event(Properties):
    event_type: str = prop("Kind of event.")
    time: str = prop("When.")


_ANY_HOST = {"hypervisor_properties": "", "resource_properties": ""}
"""What has to be said of hosts, even if nothing is asked of them."""


def _reservations(reservations: list[Reservation]) -> list[dict[str, Any]]:
    """What is about hosts for hosts, what is about room for room."""
    found: list[dict[str, Any]] = []
    for each in reservations:
        of_hosts = each.resource_type == "physical:host"
        left_out, needed = (_OF_ROOM, _ANY_HOST) if of_hosts else (_OF_HOSTS, {})
        fields = {**needed, **kit.create_fields(each)}
        found.append({n: value for n, value in fields.items() if n not in left_out})
    return found


class LeaseProperties(Properties):
    name: str = prop("Name.")
    start_date: str = prop("Begin, as YYYY-MM-DD HH:MM.", pattern=_DATE)
    end_date: str = prop("End, as YYYY-MM-DD HH:MM.", pattern=_DATE)
    before_end_date: str | None = prop("When the end is prepared.", pattern=_DATE)
    reservations: list[Reservation] = prop("What is reserved.", encodes=_reservations, reads=None)
    events: list[Event] = prop("What else is to happen.", default=[], reads=None)


@register("OS::Blazar::Lease", support=supported("12.0.0"))
class Lease(kit.RenamedType[LeaseProperties]):
    """Hosts, or room on them, for some time."""

    entity = LEASE
    found_among: ClassVar = {}
    claims = (kit.Claim("name of a lease", ("name",)),)
    attributes = (
        attr("name", doc="Its name."),
        attr("start_date", doc="When it begins."),
        attr("end_date", doc="When it ends."),
        attr("created_at", doc="When it was made."),
        attr("updated_at", doc="When it was changed."),
        attr("status", doc="Its state.", volatile=True),
        attr("degraded", bool, "Whether something of it is missing."),
        attr("user_id", doc="User who made it."),
        attr("project_id", doc="Project that owns it."),
        attr("trust_id", doc="Trust that it was made with."),
        attr("reservations", list, "What is reserved."),
        attr("events", list, "What is to happen."),
    )
