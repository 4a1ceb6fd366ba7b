"""OS::Designate::Zone, RecordSet, and Domain and Record before them: names that the DNS service answers for."""

from dataclasses import replace
from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, P, Properties, attr, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.dns import RECORD_SET, ZONE

USUAL_TTL = 3600
"""Of a zone that says none; the service takes no null for it."""


class ZoneType(kit.EntityType[P]):
    """The service accepts what is asked for first, and its servers do it later."""

    entity = ZONE
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    gone_statuses = frozenset({"DELETED"})
    attributes = (attr("serial", doc="Its serial number, by which changes are known.", volatile=True),)


class InCharge(Properties):
    name: str = prop("Name, with a dot at its end.", max_length=255)
    ttl: int | None = changeable("Seconds that answers may be kept.", ge=1, le=2147483647, clears=USUAL_TTL)
    description: str | None = changeable("Description.", max_length=160)


class ZoneProperties(InCharge):
    email: str | None = changeable("Who is in charge.", clears=KEEP)
    type: str = prop("Whether it is made here, or copied.", default="PRIMARY", allowed=("PRIMARY", "SECONDARY"))
    masters: list[Any] | None = changeable(
        "Former name of 'primaries'.", renamed_to="primaries", support=deprecated("15.0.0")
    )
    primaries: list[Any] | None = changeable("Servers to copy it from.", sends="masters", clears=[])
    attributes: dict[str, Any] | None = prop("What decides which servers answer for it.", since="24.0.0")


@register("OS::Designate::Zone", support=supported("8.0.0"))
class Zone(ZoneType[ZoneProperties]):
    """Names that the DNS service answers for."""

    where = (
        kit.Where("type", ("PRIMARY",), needs=("email",), default="PRIMARY"),
        kit.Where("type", ("SECONDARY",), needs=("primaries",)),
    )


class DomainProperties(InCharge):
    email: str = changeable("Who is in charge.")


@register(
    "OS::Designate::Domain",
    support=hidden("10.0.0", deprecated("8.0.0", supported("5.0.0"))),
    successor="OS::Designate::Zone",
)
class Domain(ZoneType[DomainProperties]):
    """Names that the DNS service answers for: a zone, as it was called once."""


TYPES = ("A", "AAAA", "CNAME", "MX", "SRV", "TXT", "SPF", "NS", "PTR", "SSHFP", "SOA")
_ZONE_NAME = "zone_name"
"""Key of the private data."""


class RecordSetProperties(Properties):
    name: str | None = prop(
        "Name, whole with a dot at its end, or within the zone; by default one is made up.", max_length=255, reads=None
    )
    ttl: int | None = changeable("Seconds that answers may be kept; by default as the zone says.", ge=1, le=2147483647)
    description: str | None = changeable("Description.", max_length=160)
    type: str = prop("Type of its records.", allowed=(*TYPES, "CAA", "CERT", "NAPTR"))
    records: list[Any] = changeable("What is said of the name.")
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


_RANKED = ("MX", "SRV")
"""Types whose records begin with their priority."""


class RecordProperties(Properties):
    name: str = prop("Name.", max_length=255)
    description: str | None = changeable("Description of all records of the name.", max_length=160)
    ttl: int | None = changeable("Seconds that answers may be kept.", ge=1, le=2147483647)
    type: str = changeable("Type.", allowed=TYPES)
    data: str = changeable("What is said of the name.")
    priority: int | None = changeable("Which of several comes first.", ge=0, le=65536)
    domain: str = prop("Zone.", finds="designate.domain")


@register(
    "OS::Designate::Record",
    support=hidden("10.0.0", deprecated("8.0.0", supported("5.0.0"))),
    successor="OS::Designate::RecordSet",
)
class Record(kit.AssociationType[RecordProperties]):
    """One of the records of a name: a member of the record set that has the name and the type."""

    entity = RECORD_SET
    status_field = "status"
    ready_statuses = frozenset({"ACTIVE"})
    failed_statuses = frozenset({"ERROR"})
    links = (kit.Link("record of a name", ("domain", "name"), also=("type", "data", "priority")),)

    def identity(self, props: RecordProperties) -> str:
        return " ".join((props.domain, props.name, props.type, _record(props)))

    def implicit_dependencies(self, own: kit.Sibling, others: kit.Siblings) -> kit.Names:
        """Records of one name are one object now, and are changed one after the other."""
        key = [own.properties.get(each) for each in ("domain", "name", "type")]
        for other in others:
            same = [other.properties.get(each) for each in ("domain", "name", "type")] == key
            if other.type == own.type and same and other.name < own.name:
                yield other.name

    async def join(self, ctx: kit.Context[RecordProperties]) -> None:
        record, told = _record(ctx.props), _told(ctx)
        there = await self._set(ctx, ctx.props.domain, ctx.props.name, ctx.props.type)
        if there is None:
            zone = await ctx.api.show(ZONE, ctx.props.domain)
            name = whole(ctx.props.name, str(zone["name"]))
            body = {**told, "name": name, "type": ctx.props.type, "records": [record]}
            await ctx.api.create(RECORD_SET, body, parent=ctx.props.domain)
            return
        records = [*there["records"]]
        change = {name: each for name, each in told.items() if there.get(name) != each}
        if record not in records:
            change["records"] = [*records, record]
        if change:
            await ctx.api.update(RECORD_SET, str(there["id"]), change, parent=ctx.props.domain)

    async def part(self, ctx: kit.Context[RecordProperties]) -> None:
        domain, name, kind, record = _place(ctx.physical_id)
        there = await self._set(ctx, domain, name, kind)
        if there is None:
            return
        left = [each for each in there["records"] if each != record]
        if left:
            await ctx.api.update(RECORD_SET, str(there["id"]), {"records": left}, parent=domain)
        else:
            await ctx.api.delete(RECORD_SET, str(there["id"]), parent=domain)

    async def connection(self, ctx: kit.Context[RecordProperties], identity: str) -> kit.Remote | None:
        domain, name, kind, record = _place(identity)
        there = await self._set(ctx, domain, name, kind)
        return there if there and record in there["records"] else None

    async def _set(self, ctx: kit.Context[RecordProperties], domain: str, name: str, kind: str) -> kit.Remote | None:
        """The record set of the name, if it has one of the type."""
        zone = await ctx.api.show(ZONE, domain)
        name = whole(name, str(zone["name"]))
        found = await ctx.api.list(RECORD_SET, parent=domain, name=name, type=kind)
        present = (each for each in found if each["name"] == name and each["type"] == kind)
        return next((each for each in present if each.get("action") != "DELETE"), None)


def _place(identity: str) -> tuple[str, str, str, str]:
    domain, name, kind, record = identity.split(" ", 3)
    return domain, name, kind, record


def _record(props: RecordProperties) -> str:
    ranked = props.type in _RANKED and props.priority is not None
    return f"{props.priority} {props.data}" if ranked else props.data


def _told(ctx: kit.Context[RecordProperties]) -> dict[str, Any]:
    """What the record says of its set; nothing where it has not said anything, as others may."""
    before = ctx.recorded.given() if ctx.recorded is not None else {}
    given = {"ttl": ctx.props.ttl, "description": ctx.props.description}
    return {name: each for name, each in given.items() if each is not None or before.get(name) is not None}
