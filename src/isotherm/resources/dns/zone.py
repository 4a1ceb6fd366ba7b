"""OS::Designate::Zone: names that the DNS service answers for."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, P, Properties, attr, changeable, deprecated, hidden, prop, register, supported
from isotherm.kit.services.dns import ZONE

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


class ZoneProperties(Properties):
    name: str = prop("Name, with a dot at its end.", max_length=255)
    ttl: int | None = changeable("Seconds that answers may be kept.", ge=1, le=2147483647, clears=USUAL_TTL)
    description: str | None = changeable("Description.", max_length=160)
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


class DomainProperties(Properties):
    name: str = prop("Name, with a dot at its end.", max_length=255)
    ttl: int | None = changeable("Seconds that answers may be kept.", ge=1, le=2147483647, clears=USUAL_TTL)
    description: str | None = changeable("Description.", max_length=160)
    email: str = changeable("Who is in charge.")


@register(
    "OS::Designate::Domain",
    support=hidden("10.0.0", deprecated("8.0.0", supported("5.0.0"))),
    successor="OS::Designate::Zone",
)
class Domain(ZoneType[DomainProperties]):
    """Names that the DNS service answers for: a zone, as it was called once."""
