"""Share types, who may use them, and their specs."""

from typing import Any, ClassVar

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Asked, Kind, Listing, Metadata, Ties, Wish, said_only
from isotherm.localcloud.kinds.checks import flag
from isotherm.localcloud.shared_file_system.dialect import DIALECT, ShareDialect, ShareLists
from isotherm.localcloud.shared_file_system.entities import OPTIONAL, ShareType, pairs
from isotherm.localcloud.shared_file_system.state import SharedFileSystems

_SERVERS = "driver_handles_share_servers"
_SEEN = {_SERVERS, *OPTIONAL, "availability_zones", "replication_type"}
"""Specs that everybody sees; the optional ones are false where they are not there."""


def create(shares: SharedFileSystems, call: Call, wish: Wish) -> ShareType:
    specs = dict(wish.get("extra_specs") or {})
    if _SERVERS not in specs:
        raise Fault(400, f"Invalid extra_spec: Required extra specs '{_SERVERS}' not specified.")
    if not _is_flag(specs[_SERVERS]):
        value = f"Value of required extra_spec {_SERVERS} is not valid."
        raise Fault(400, f"Invalid extra_spec: {value}")
    for name in OPTIONAL:
        if name in specs and not _is_flag(specs[name]):
            raise Fault(400, f"Invalid share type: Invalid extra_spec: {name}.")
    return TYPES.add(shares, call.caller, wish, extra_specs=specs)


def _is_flag(value: Any) -> bool:
    return str(value).lower() in ("true", "false", "1", "0")


def change(shares: SharedFileSystems, call: Call, type_: ShareType, wish: Wish) -> None:
    if not wish:
        known = "share type name, description, share_type_access:is_public"
        raise Fault(400, f"Specify {known} or a combination thereof.")
    TYPES.assign(shares, type_, wish)


def _more(shares: SharedFileSystems, call: Call, type_: ShareType, view: str) -> dict[str, Any]:
    more: dict[str, Any] = {"required_extra_specs": {_SERVERS: type_.extra_specs.get(_SERVERS)}}
    if DIALECT.minor_of(call) >= 46:
        more["is_default"] = type_.name == "default"
    if not call.caller.is_admin:
        seen = {name: spec for name, spec in type_.extra_specs.items() if name in _SEEN}
        more["extra_specs"] = {**dict.fromkeys(OPTIONAL, False), **seen}
    return more


class _TypeLists(ShareLists):
    def ordered(self, asked: Asked[Any], found: list[Any]) -> list[Any]:
        return sorted(found, key=lambda each: str(each.name))


class _TypeDialect(ShareDialect):
    lists = _TypeLists()
    words: ClassVar = {
        "missing": (404, "Share type not found."),
        "invalid": (400, "Type name or description is not valid."),
    }

    def sees(self, call: Call, project_id: str | None) -> bool:
        return True

    def required(self, where: str, name: str, said: object = None) -> Fault:
        if where == name:
            reason = "it is either malformed or otherwise incorrect."
            return Fault(400, f"The server could not comply with the request since {reason}")
        return self.refusal("invalid")

    def no_metadata(self, noun: str, entity: Entity, key: str) -> Fault:
        return Fault(404, f"Share Type {entity.id} has no extra specs with key {key}.")


TYPES = Kind[SharedFileSystems, ShareType](
    dialect=_TypeDialect(),
    name="share_type",
    entity=ShareType,
    path="/types",
    admins=dict.fromkeys(("create", "update", "delete"), "share_type"),
    options={"update": {"since": 50}},
    also={
        "os-share-type-access:is_public": said_only(flag, attribute="is_public", update=False),
    },
    listing=Listing(
        filters=("name",),
        matchers={
            "is_public": lambda shares, each, said: (
                said.lower() in ("all", "none", str(each.is_public).lower())
            )
        },
    ),
    create=create,
    change=change,
    ties=Ties(
        users={"share": "share_type"},
        used=lambda type_: Fault(400, "Target share type is still in use."),
        unique=("name",),
        taken=lambda type_: Fault(409, f"Share Type {type_.name} already exists."),
    ),
    visible=lambda shares, caller, each: shares.sees_type(caller, each),
    more=_more,
)


def keep_required(
    shares: SharedFileSystems, call: Call, type_: ShareType, specs: dict[str, str]
) -> None:
    """Raises Fault 400, 403."""
    if _SERVERS not in specs:
        raise Fault(403, f"Extra spec '{_SERVERS}' can't be deleted.")
    if not _is_flag(specs[_SERVERS]):
        raise Fault(400, f"Invalid extra_spec: {_SERVERS}: {specs[_SERVERS]}")


Metadata(
    TYPES,
    pairs,
    name="extra_specs",
    one="",
    operation="share_type_spec",
    admins="share_types_extra_spec",
    delete_status=202,
    before=keep_required,
)


@TYPES.routes.get("/types/default", "share_type.show_default")
def show_default(shares: SharedFileSystems, call: Call) -> object:
    return TYPES.reply(shares, call, shares.find_type(call.caller, None))


@TYPES.routes.get("/types/{id}/share_type_access", "share_type.list_access", policy="list_access")
def list_access(shares: SharedFileSystems, call: Call) -> object:
    type_ = TYPES.of(shares, call)
    if type_.is_public:
        raise Fault(404, "Access list not available for public share types.")
    told = [{"share_type_id": type_.id, "project_id": each} for each in type_.project_ids]
    return {"share_type_access": told}


def _project(type_: ShareType, said: Any) -> str:
    """Raises Fault 409."""
    if type_.is_public:
        raise Fault(409, "Type access modification is not applicable to public share type.")
    return str(said.get("project"))


@TYPES.action("addProjectAccess", "add_access", rule="add_project_access")
def add_access(shares: SharedFileSystems, call: Call, type_: ShareType, said: Any) -> None:
    project_id = _project(type_, said)
    if project_id in type_.project_ids:
        both = f"{type_.id} / {project_id}"
        raise Fault(409, f"Share type access for {both} combination already exists.")
    type_.project_ids.append(project_id)
    shares.types.save(type_)


@TYPES.action("removeProjectAccess", "remove_access", rule="remove_project_access")
def remove_access(shares: SharedFileSystems, call: Call, type_: ShareType, said: Any) -> None:
    project_id = _project(type_, said)
    if project_id not in type_.project_ids:
        both = f"{type_.id} / {project_id}"
        raise Fault(404, f"Share type access not found for {both} combination.")
    type_.project_ids.remove(project_id)
    shares.types.save(type_)
