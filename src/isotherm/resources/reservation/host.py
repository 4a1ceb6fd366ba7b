"""OS::Blazar::Host: a host that can be reserved."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.reservation import HOST

_KNOWN = frozenset(
    {
        "id", "hypervisor_hostname", "hypervisor_type", "hypervisor_version", "vcpus", "cpu_info", "memory_mb",
        "local_gb", "service_name", "reservable", "status", "trust_id", "created_at", "updated_at",
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
