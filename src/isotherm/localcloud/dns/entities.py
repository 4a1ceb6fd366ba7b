"""What the DNS service stores."""

from typing import Annotated

from isotherm.localcloud.dns import checks
from isotherm.localcloud.entities import Entity
from isotherm.localcloud.kinds import moment, said, shown
from isotherm.localcloud.kinds.checks import list_of, mapping, or_none, text

_TTL = or_none(checks.ttl)


class Kept(Entity, kw_only=True, eq=False):
    """`action` is what is being done with it."""

    project_id: Annotated[str, shown()]
    created_at: Annotated[float, moment(".000000")]
    updated_at: Annotated[float | None, moment(".000000")] = None
    revision_number: Annotated[int, shown(name="version")] = 1
    status: Annotated[str, shown()] = "PENDING"
    action: Annotated[str, shown()] = "CREATE"


class Zone(Kept, kw_only=True, eq=False):
    name: Annotated[str, said(checks.zone_name, required=True, update=False)]
    email: Annotated[str | None, said(or_none(checks.email))] = None
    ttl: Annotated[int | None, said(_TTL)] = None
    description: Annotated[str | None, said(or_none(text(0, 160)))] = None
    type: Annotated[str, said(checks.zone_type, update=False)] = "PRIMARY"
    masters: Annotated[list[str], said(list_of(text(1)))] = []
    attributes: Annotated[dict[str, str], said(mapping(text()), update=False)] = {}
    serial: Annotated[int, shown()] = 1


class RecordSet(Kept, kw_only=True, eq=False):
    """`managed` ones are the service's own."""

    zone_id: Annotated[str, shown()]
    name: Annotated[str, said(checks.name, required=True, update=False)]
    type: Annotated[str, said(checks.record_type, required=True, update=False)]
    records: Annotated[list[str], said(list_of(text(1, 10**6)))] = []
    ttl: Annotated[int | None, said(_TTL)] = None
    description: Annotated[str | None, said(or_none(text(0, 160)))] = None
    managed: bool = False
