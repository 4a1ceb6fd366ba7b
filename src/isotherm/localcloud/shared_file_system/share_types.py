"""Share types, who may use them, and their specs."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing, Metadata, Ties, Wish, said_only
from isotherm.localcloud.kinds.checks import flag
from isotherm.localcloud.shared_file_system.dialect import DIALECT, ShareDialect
from isotherm.localcloud.shared_file_system.entities import PAIRS, ShareType
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

_SERVERS, _SNAPSHOTS = "driver_handles_share_servers", "snapshot_support"


def create(shares: SharedFileSystems, call: Call, wish: Wish) -> ShareType:
    specs = dict(wish.get("extra_specs") or {})
    if _SERVERS not in specs:
        raise Fault(400, f"Required extra spec {_SERVERS} not specified.")
    if str(specs[_SERVERS]).lower() not in ("true", "false", "1", "0"):
        raise Fault(400, f"Invalid input received: {_SERVERS} is not a boolean.")
    return TYPES.add(shares, call.caller, wish, extra_specs=specs)


def _more(shares: SharedFileSystems, call: Call, type_: ShareType, view: str) -> dict[str, Any]:
    required = {_SERVERS: type_.extra_specs.get(_SERVERS)}
    return {"required_extra_specs": required, "is_default": type_.name == "default"}


class _TypeDialect(ShareDialect):
    def sees(self, call: Call, project_id: str | None) -> bool:
        return True


TYPES = Kind[SharedFileSystems, ShareType](
    dialect=_TypeDialect(),
    name="share_type",
    entity=ShareType,
    path="/types",
    verbs=("create", "list", "show", "delete"),
    admins={"create": "share_type:create", "delete": "share_type:delete"},
    also={
        "os-share-type-access:is_public": said_only(flag, attribute="is_public", update=False),
    },
    listing=Listing(
        filters=("name",),
        matchers={"is_public": lambda shares, each, said: said.lower() in ("all", "none", "true")},
    ),
    create=create,
    ties=Ties(
        users={"share": "share_type"},
        used=lambda type_: Fault(400, "Target share type is still in use."),
        unique=("name",),
        taken=lambda type_: Fault(409, f"Share Type {type_.name} already exists."),
    ),
    visible=lambda shares, caller, each: shares.sees_type(caller, each),
    more=_more,
)
Metadata(TYPES, PAIRS, name="extra_specs", one="", operation="share_type_spec", delete_status=202)


@TYPES.routes.get("/types/default", "share_type.show_default")
def show_default(shares: SharedFileSystems, call: Call) -> object:
    return TYPES.reply(shares, call, shares.find_type(call.caller, None))


def _access(call: Call, action: str) -> str:
    if not call.caller.is_admin:
        raise DIALECT.forbidden(f"share_type:{action}")
    return str(call.json[action].get("project"))


@TYPES.action("addProjectAccess", "add_access")
def add_access(shares: SharedFileSystems, call: Call, type_: ShareType, said: Any) -> None:
    project_id = _access(call, "addProjectAccess")
    if type_.is_public or project_id in type_.project_ids:
        raise Fault(409, f"Share type access for {type_.id} / {project_id} already exists.")
    type_.project_ids.append(project_id)
    shares.types.save(type_)


@TYPES.action("removeProjectAccess", "remove_access")
def remove_access(shares: SharedFileSystems, call: Call, type_: ShareType, said: Any) -> None:
    project_id = _access(call, "removeProjectAccess")
    if project_id not in type_.project_ids:
        raise Fault(404, f"Share type access not found for {type_.id} / {project_id}.")
    type_.project_ids.remove(project_id)
    shares.types.save(type_)
