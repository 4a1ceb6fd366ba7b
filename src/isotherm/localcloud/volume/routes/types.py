"""Routes of volume types, their access, encryption, and QoS specs."""

from typing import Any

import msgspec

from isotherm.localcloud.entities import new_uuid
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.volume import bodies, rendering
from isotherm.localcloud.volume.entities import VolumeType
from isotherm.localcloud.volume.faults import conflict, invalid, invalid_field, not_found
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import DEFAULT_TYPE, BlockStorage, sees_type

routes = VolumeRoutes()

_TYPE = "/types/{type_id}"
_SPECS = f"{_TYPE}/extra_specs"
_ENCRYPTION = f"{_TYPE}/encryption"
_QOS = "/qos-specs/{qos_id}"
_MANAGE = "volume_extension:types_extra_specs"
_ENCRYPT = "volume_extension:volume_type_encryption"
_QOS_RULE = "volume_extension:qos_specs_manage"


class TypeBody(msgspec.Struct, kw_only=True):
    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    extra_specs: dict[str, str] | None = None
    is_public: bool | msgspec.UnsetType = msgspec.UNSET
    access: Any = msgspec.field(default=msgspec.UNSET, name="os-volume-type-access:is_public")


@routes.post("/types", "volume_type.create", policy="volume_extension:type_create")
def create_type(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "volume_type", TypeBody)
    if body.name is msgspec.UNSET:
        raise invalid_field("volume_type", "'name' is a required property")
    type_ = VolumeType(name=_name(storage, body.name), extra_specs=body.extra_specs or {})
    if body.description is not msgspec.UNSET:
        type_.description = body.description
    type_.is_public = _is_public(body, default=True)
    storage.types.add(type_)
    shown = rendering.show_type(call, type_)
    del shown["qos_specs_id"]
    return {"volume_type": shown}


def _is_public(body: TypeBody, *, default: bool) -> bool:
    if body.access is not msgspec.UNSET:
        return bodies.read_flag(body.access, "is_public")
    return body.is_public if isinstance(body.is_public, bool) else default


def _name(storage: BlockStorage, name: str, own_id: str = "") -> str:
    if not name.strip():
        raise invalid_field("name", f"'{name}' should be non-empty")
    if any(other.id != own_id for other in storage.types.find(name=name)):
        raise conflict(f"Volume Type {name} already exists.")
    return name


@routes.get("/types", "volume_type.list")
def list_types(storage: BlockStorage, call: Call) -> object:
    seen = [each for each in storage.types if sees_type(call.caller, each)]
    wanted = (call.argument("is_public") or "").lower()
    if wanted in ("true", "false"):
        seen = [each for each in seen if each.is_public == (wanted == "true")]
    elif call.caller.is_admin and wanted != "none":
        project_id = call.caller.project_id
        seen = [each for each in seen if each.is_public or project_id in each.project_ids]
    if (name := call.argument("name")) is not None:
        seen = [each for each in seen if each.name == name]
    return {"volume_types": [rendering.show_type(call, each) for each in seen[::-1]]}


@routes.get("/types/default", "volume_type.show_default")
def show_default_type(storage: BlockStorage, call: Call) -> object:
    return {"volume_type": rendering.show_type(call, storage.default_type(), extended=False)}


@routes.get(_TYPE, "volume_type.show")
def show_type(storage: BlockStorage, call: Call) -> object:
    return {"volume_type": rendering.show_type(call, _type(storage, call))}


@routes.put(_TYPE, "volume_type.update", policy="volume_extension:type_update")
def update_type(storage: BlockStorage, call: Call) -> object:
    body = bodies.read(call, "volume_type", TypeBody)
    type_ = _type(storage, call)
    if body.name is not msgspec.UNSET:
        type_.name = _name(storage, body.name, type_.id)
    if body.description is not msgspec.UNSET:
        type_.description = body.description
    type_.is_public = _is_public(body, default=type_.is_public)
    storage.types.save(type_)
    return {"volume_type": rendering.show_type(call, type_, extended=False)}


@routes.delete(_TYPE, "volume_type.delete", policy="volume_extension:type_delete", status=202)
def delete_type(storage: BlockStorage, call: Call) -> None:
    type_ = _type(storage, call)
    if type_.name == DEFAULT_TYPE:
        raise invalid(f"Volume Type deletion failed: {type_.id} is the default volume type.")
    if storage.volumes.find(volume_type_id=type_.id):
        raise invalid("Target volume type is still in use.")
    storage.types.remove(type_.id)


# Extra specs.


@routes.get(_SPECS, "volume_type.list_specs")
def list_specs(storage: BlockStorage, call: Call) -> object:
    return {"extra_specs": rendering.show_type(call, _type(storage, call))["extra_specs"]}


@routes.post(_SPECS, "volume_type.add_specs", policy=f"{_MANAGE}:create")
def add_specs(storage: BlockStorage, call: Call) -> object:
    specs = bodies.read(call, "extra_specs", dict[str, str])
    type_ = _type(storage, call)
    type_.extra_specs |= bodies.check_metadata(specs)
    storage.types.save(type_)
    return {"extra_specs": specs}


@routes.get(f"{_SPECS}/{{key}}", "volume_type.show_spec")
def show_spec(storage: BlockStorage, call: Call) -> object:
    specs = rendering.show_type(call, _type(storage, call))["extra_specs"]
    return {call.params["key"]: specs[_spec(call, specs)]}


@routes.put(f"{_SPECS}/{{key}}", "volume_type.set_spec", policy=f"{_MANAGE}:update")
def set_spec(storage: BlockStorage, call: Call) -> object:
    key, type_ = call.params["key"], _type(storage, call)
    if list(call.json) != [key]:
        raise invalid("Request body and URI mismatch")
    type_.extra_specs[key] = bodies.read(call, key, str)
    storage.types.save(type_)
    return {key: type_.extra_specs[key]}


@routes.delete(
    f"{_SPECS}/{{key}}", "volume_type.delete_spec", policy=f"{_MANAGE}:delete", status=202
)
def delete_spec(storage: BlockStorage, call: Call) -> None:
    type_ = _type(storage, call)
    del type_.extra_specs[_spec(call, type_.extra_specs)]
    storage.types.save(type_)


def _spec(call: Call, specs: dict[str, str]) -> str:
    key, type_id = call.params["key"], call.params["type_id"]
    if key not in specs:
        raise Fault(404, f"Volume Type {type_id} has no extra specs with key {key}.")
    return key


# Access of projects to types that are not public.


@routes.get(
    f"{_TYPE}/os-volume-type-access",
    "volume_type.list_access",
    policy="volume_extension:volume_type_access:get_all_for_type",
)
def list_access(storage: BlockStorage, call: Call) -> object:
    type_ = _type(storage, call)
    if type_.is_public:
        raise Fault(404, "Access list not available for public volume types.")
    access = [{"volume_type_id": type_.id, "project_id": each} for each in type_.project_ids]
    return {"volume_type_access": access}


@routes.action(
    f"{_TYPE}/action",
    "addProjectAccess",
    "volume_type.add_access",
    policy="volume_extension:volume_type_access:addProjectAccess",
)
def add_access(storage: BlockStorage, call: Call) -> None:
    type_, project_id = _type(storage, call), _project(call, "addProjectAccess")
    if type_.is_public:
        raise conflict("Type access modification is not applicable to public volume type.")
    if project_id in type_.project_ids:
        raise conflict(
            f"Volume type access for {type_.id} / {project_id} combination already exists."
        )
    type_.project_ids.append(project_id)
    storage.types.save(type_)


@routes.action(
    f"{_TYPE}/action",
    "removeProjectAccess",
    "volume_type.remove_access",
    policy="volume_extension:volume_type_access:removeProjectAccess",
)
def remove_access(storage: BlockStorage, call: Call) -> None:
    type_, project_id = _type(storage, call), _project(call, "removeProjectAccess")
    if project_id not in type_.project_ids:
        pair = f"{type_.id} / {project_id}"
        raise Fault(404, f"Volume type access not found for {pair} combination.")
    type_.project_ids.remove(project_id)
    storage.types.save(type_)


def _project(call: Call, action: str) -> str:
    project_id = bodies.argument_of(call, action).get("project")
    if not isinstance(project_id, str):
        raise invalid_field(action, "'project' is a required property")
    return project_id


# Encryption.


@routes.get(_ENCRYPTION, "volume_type.show_encryption", policy=f"{_ENCRYPT}:get")
def show_encryption(storage: BlockStorage, call: Call) -> object:
    return _type(storage, call).encryption or {}


@routes.get(f"{_ENCRYPTION}/{{key}}", "volume_type.show_encryption", policy=f"{_ENCRYPT}:get")
def show_encryption_value(storage: BlockStorage, call: Call) -> object:
    encryption = _type(storage, call).encryption or {}
    if call.params["key"] not in encryption:
        raise Fault(404, "The resource could not be found.")
    return {call.params["key"]: encryption[call.params["key"]]}


@routes.post(_ENCRYPTION, "volume_type.create_encryption", policy=f"{_ENCRYPT}:create")
def create_encryption(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "encryption", dict[str, Any])
    type_ = _type(storage, call)
    if type_.encryption is not None:
        raise conflict(f"Volume type encryption for type {type_.id} already exists.")
    if storage.volumes.find(volume_type_id=type_.id):
        raise invalid("Cannot create encryption specs. Volume type in use.")
    shown = {
        "provider": wish.get("provider"),
        "cipher": wish.get("cipher"),
        "key_size": wish.get("key_size"),
        "control_location": wish.get("control_location", "front-end"),
        "volume_type_id": type_.id,
        "encryption_id": new_uuid(),
    }
    times = {"created_at": rendering.timestamp(storage.now()), "updated_at": None}
    type_.encryption = {**shown, "deleted": False, "deleted_at": None, **times}
    storage.types.save(type_)
    return {"encryption": shown}


@routes.put(f"{_ENCRYPTION}/{{key}}", "volume_type.update_encryption", policy=f"{_ENCRYPT}:update")
def update_encryption(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "encryption", dict[str, Any])
    type_ = _encrypted(storage, call)
    type_.encryption = {**(type_.encryption or {}), **wish}
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


def _encrypted(storage: BlockStorage, call: Call) -> VolumeType:
    type_ = _type(storage, call)
    if type_.encryption is None:
        raise Fault(404, f"Volume type encryption for type {type_.id} does not exist.")
    return type_


def _type(storage: BlockStorage, call: Call) -> VolumeType:
    type_ = storage.types.get(call.params["type_id"])
    if type_ is None or not sees_type(call.caller, type_):
        raise not_found("Volume type", call.params["type_id"])
    return type_
