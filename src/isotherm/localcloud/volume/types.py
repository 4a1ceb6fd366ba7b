"""Volume types, who may use them, their specs and encryption."""

from typing import Any

from isotherm.localcloud.entities import Entity, new_uuid
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import (
    CHANGED,
    NEW,
    Kind,
    Listing,
    Metadata,
    Schema,
    Ties,
    Wish,
    named,
    said,
    said_only,
)
from isotherm.localcloud.kinds.checks import integer, one_of, or_none, short_flag, text
from isotherm.localcloud.volume.dialect import (
    DIALECT,
    LenientDialect,
    VolumeLists,
    argument,
    checked,
    conflict,
    invalid,
    invalid_input,
)
from isotherm.localcloud.volume.entities import SPECS, VolumeType, timestamp
from isotherm.localcloud.volume.state import DEFAULT_TYPE, BlockStorage, sees_type

_ENCRYPT = "volume_extension:volume_type_encryption"
_ACCESS = "volume_extension:volume_type_access"
_MANAGE = "volume_extension:types_extra_specs"
# Extra specs that are no secret of the operator.
_VISIBLE_SPECS = ("RESKEY:availability_zones", "multiattach", "replication_enabled")


def create(storage: BlockStorage, call: Call, wish: Wish) -> VolumeType:
    specs = wish.get("extra_specs") or {}
    public = wish.get("access", wish["is_public"])
    return TYPES.add(storage, call.caller, wish, is_public=public, extra_specs=specs)


def delete(storage: BlockStorage, call: Call, type_: VolumeType) -> None:
    if type_.name == DEFAULT_TYPE:
        raise invalid(f"Volume Type deletion failed: {type_.id} is the default volume type.")
    if storage.volumes.find(volume_type_id=type_.id):
        raise invalid("Target volume type is still in use.")


def check(storage: BlockStorage, call: Call, wish: Wish, there: VolumeType | None) -> None:
    blank = not (wish.get("name") or "").strip()
    if there is None:
        if blank:
            raise invalid("An invalid 'name' value was provided. The 'name' can not be empty.")
        return
    _leave_out_nothing(wish)
    if "name" in wish and blank:
        raise invalid("Volume type name can not be empty.")


def _leave_out_nothing(wish: Wish) -> None:
    """A change to null is none."""
    for name in [name for name, value in wish.items() if value is None]:
        del wish[name]
    if not wish:
        raise invalid("Specify volume type name, description, is_public or a combination thereof.")


def _specs(call: Call, type_: VolumeType) -> dict[str, str]:
    """Those that the caller sees."""
    if call.caller.is_admin:
        return type_.extra_specs
    return {name: value for name, value in type_.extra_specs.items() if name in _VISIBLE_SPECS}


def _more(storage: BlockStorage, call: Call, type_: VolumeType, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"extra_specs": _specs(call, type_)}
    if view != CHANGED:
        shown["os-volume-type-access:is_public"] = type_.is_public
        if call.caller.is_admin and view != NEW:
            shown["qos_specs_id"] = type_.qos_specs_id
    return shown


class _TypeLists(VolumeLists):
    strict = False


class _TypeDialect(LenientDialect):
    statuses = {"delete": 202}  # noqa: RUF012 -- never changed
    lists = _TypeLists()


TYPES = Kind[BlockStorage, VolumeType](
    dialect=_TypeDialect(),
    name="volume_type",
    entity=VolumeType,
    noun="Volume type",
    path="/types",
    verbs=("create", "show", "update", "delete"),
    admins={
        "create": "volume_extension:type_create",
        "update": "volume_extension:type_update",
        "delete": "volume_extension:type_delete",
    },
    also={
        "extra_specs": said_only(or_none(SPECS), update=False),
        "os-volume-type-access:is_public": said_only(short_flag, attribute="access", update=False),
    },
    listing=Listing(filters=("name",), paged=False, linked=False),
    ties=Ties(
        unique=("name",), taken=lambda type_: conflict(f"Volume Type {type_.name} already exists.")
    ),
    check=check,
    create=create,
    delete=delete,
    visible=sees_type,
    more=_more,
)
routes = TYPES.routes
_TYPE = TYPES.one
_ENCRYPTION = f"{_TYPE}/encryption"


def _key_size(value: Any) -> int | None:
    if isinstance(value, str) and not value.isdecimal():
        raise invalid_input("key_size must be an integer.")
    return or_none(integer(0))(value)  # type: ignore[no-any-return]


_SEALING = Schema(
    LenientDialect(),
    "encryption",
    named(
        {
            "provider": said(text(), required=True),
            "control_location": said(one_of("front-end", "back-end"), required=True),
            "cipher": said(or_none(text())),
            "key_size": said(_key_size),
        }
    ),
)


def _no_spec(type_: Entity, key: str) -> Fault:
    return Fault(404, f"Volume Type {type_.id} has no extra specs with key {key}.")


Metadata(
    TYPES,
    SPECS,
    name="extra_specs",
    one="",
    operation="volume_type_spec",
    admins=_MANAGE,
    missing=_no_spec,
    delete_status=202,
    told=_specs,
)


@routes.get("/types", "volume_type.list")
def list_types(storage: BlockStorage, call: Call) -> object:
    """Administrators ask for those that are not public by `is_public=None` or `false`."""
    seen = [each for each in storage.types if sees_type(storage, call.caller, each)]
    wanted = (call.argument("is_public") or "").lower()
    if wanted in ("true", "false"):
        seen = [each for each in seen if each.is_public == (wanted == "true")]
    elif call.caller.is_admin and wanted != "none":
        project_id = call.caller.project_id
        seen = [each for each in seen if each.is_public or project_id in each.project_ids]
    return TYPES.list_these(storage, call, seen)


@routes.get("/types/default", "volume_type.show_default")
def show_default_type(storage: BlockStorage, call: Call) -> object:
    return {"volume_type": TYPES.show(storage, call, storage.default_type(), CHANGED)}


# Access of projects to types that are not public.


@routes.get(
    f"{_TYPE}/os-volume-type-access",
    "volume_type.list_access",
    policy=f"{_ACCESS}:get_all_for_type",
)
def list_access(storage: BlockStorage, call: Call) -> object:
    type_ = TYPES.of(storage, call)
    if type_.is_public:
        raise Fault(404, "Access list not available for public volume types.")
    access = [{"volume_type_id": type_.id, "project_id": each} for each in type_.project_ids]
    return {"volume_type_access": access}


@TYPES.action("addProjectAccess", "add_access", rule=f"{_ACCESS}:addProjectAccess")
def add_access(storage: BlockStorage, call: Call, type_: VolumeType, said: Any) -> None:
    project_id = _project(type_, said, "addProjectAccess")
    if project_id in type_.project_ids:
        raise conflict(
            f"Volume type access for {type_.id} / {project_id} combination already exists."
        )
    type_.project_ids.append(project_id)
    storage.types.save(type_)


@TYPES.action("removeProjectAccess", "remove_access", rule=f"{_ACCESS}:removeProjectAccess")
def remove_access(storage: BlockStorage, call: Call, type_: VolumeType, said: Any) -> None:
    project_id = _project(type_, said, "removeProjectAccess")
    if project_id not in type_.project_ids:
        pair = f"{type_.id} / {project_id}"
        raise Fault(404, f"Volume type access not found for {pair} combination.")
    type_.project_ids.remove(project_id)
    storage.types.save(type_)


def _project(type_: VolumeType, said: Any, action: str) -> str:
    project_id: str = checked("project", argument(said, action, "project"), text(1))
    if type_.is_public:
        raise invalid(
            "Invalid volume type: Type access modification is not applicable to public volume type."
        )
    return project_id


# Encryption.


@routes.get(_ENCRYPTION, "volume_type.show_encryption", policy=f"{_ENCRYPT}:get")
def show_encryption(storage: BlockStorage, call: Call) -> object:
    return TYPES.of(storage, call).encryption or {}


@routes.get(f"{_ENCRYPTION}/{{key}}", "volume_type.show_encryption", policy=f"{_ENCRYPT}:get")
def show_encryption_value(storage: BlockStorage, call: Call) -> object:
    type_, key = TYPES.of(storage, call), call.params["key"]
    if type_.encryption is None or key not in type_.encryption:
        raise _not_encrypted(type_)
    return {key: type_.encryption[key]}


@routes.post(_ENCRYPTION, "volume_type.create_encryption", policy=f"{_ENCRYPT}:create")
def create_encryption(storage: BlockStorage, call: Call) -> object:
    wish, type_ = _encryption(call, "create"), TYPES.of(storage, call)
    if type_.encryption is not None:
        raise invalid(f"Volume type encryption for type {type_.id} already exists.")
    if storage.volumes.find(volume_type_id=type_.id):
        raise invalid("Cannot create encryption specs. Volume type in use.")
    made = {**wish, "volume_type_id": type_.id, "encryption_id": new_uuid()}
    times = {"created_at": timestamp(storage.now()), "updated_at": None}
    unsaid = {"cipher": None, "key_size": None, "deleted": False, "deleted_at": None}
    type_.encryption = {**unsaid, **made, **times}
    storage.types.save(type_)
    return {"encryption": made}


@routes.put(f"{_ENCRYPTION}/{{key}}", "volume_type.update_encryption", policy=f"{_ENCRYPT}:update")
def update_encryption(storage: BlockStorage, call: Call) -> object:
    wish, type_ = _encryption(call, "update"), _encrypted(storage, call)
    type_.encryption = {
        **(type_.encryption or {}),
        **wish,
        "updated_at": timestamp(storage.now()),
    }
    storage.types.save(type_)
    return {"encryption": wish}


@routes.delete(
    f"{_ENCRYPTION}/{{key}}",
    "volume_type.delete_encryption",
    policy=f"{_ENCRYPT}:delete",
    status=202,
)
def delete_encryption(storage: BlockStorage, call: Call) -> None:
    type_ = _encrypted(storage, call)
    type_.encryption = None
    storage.types.save(type_)


def _encryption(call: Call, verb: str) -> dict[str, Any]:
    return _SEALING.read(call.caller, DIALECT.body(call, "encryption"), verb)


def _encrypted(storage: BlockStorage, call: Call) -> VolumeType:
    type_ = TYPES.of(storage, call)
    if type_.encryption is None:
        raise _not_encrypted(type_)
    return type_


def _not_encrypted(type_: VolumeType) -> Fault:
    return Fault(404, f"Volume type encryption for type {type_.id} does not exist.")
