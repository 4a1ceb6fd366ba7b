"""OS::Designate::RecordSet: what a zone says of one name."""

from dataclasses import replace
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, prop, register, supported
from isotherm.kit.services.dns import RECORD_SET, ZONE

TYPES = ("A", "AAAA", "CNAME", "MX", "SRV", "TXT", "SPF", "NS", "PTR", "SSHFP", "SOA")
_ZONE_NAME = "zone_name"
"""Key of the private data."""


class RecordSetProperties(Properties):
    name: str | None = prop(
        "Name, whole with a dot at its end, or within the zone; by default one is made up.", max_length=255, reads=None
    )
    ttl: int | None = prop(
        "Seconds that answers may be kept; by default as the zone says.", ge=1, le=2147483647, update_allowed=True
    )
    description: str | None = prop("Description.", max_length=160, update_allowed=True)
    type: str = prop("Type of its records.", allowed=(*TYPES, "CAA", "CERT", "NAPTR"))
    records: list[Any] = prop("What is said of the name.", update_allowed=True)
    zone: str = prop("Zone.", finds="designate.zone", sends=None, reads="zone_id")


def whole(name: str, zone_name: str) -> str:
    """A name that does not end with a dot lies within the zone."""
    return name if name.endswith(".") else f"{name}.{zone_name}"


@register("OS::Designate::RecordSet", support=supported("8.0.0"))
class RecordSet(kit.UniqueType[RecordSetProperties]):
    """What a zone says of one name."""

    entity = RECORD_SET
    parent_property = "zone"
    links = (
        kit.Link("record set of a name", ("zone", "name"), also=("type",), details=("description", "records", "ttl")),
    )
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    gone_statuses = frozenset({"DELETED"})

    async def create(self, ctx: kit.Context[RecordSetProperties]) -> kit.Outcome:
        await self._learn_zone(ctx)
        return await super().create(ctx)

    async def find(self, ctx: kit.Context[RecordSetProperties]) -> kit.Candidates:
        """A name has one set of each type; its records come in any order."""
        await self._learn_zone(ctx)
        found = await super().list_named(ctx, str(self.create_body(ctx)["name"]))
        wanted = self.create_body(ctx)
        return [
            replace(self.candidate(each), data=dict(ctx.data))
            for each in found
            if all(each.get(name) == wanted[name] for name in ("name", "type"))
            and sorted(each.get("records") or ()) == sorted(wanted["records"])
        ]

    async def _learn_zone(self, ctx: kit.Context[RecordSetProperties]) -> None:
        ctx.data[_ZONE_NAME] = (await ctx.api.show(ZONE, ctx.props.zone))["name"]

    def create_body(self, ctx: kit.Context[RecordSetProperties]) -> kit.Fields:
        body = super().create_body(ctx)
        return {**body, "name": whole(str(body["name"]), str(ctx.data.get(_ZONE_NAME, "")))}
