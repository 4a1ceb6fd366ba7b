"""QoS specs and their association with volume types."""

from typing import Any, ClassVar

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.kinds import Kind, Listing
from isotherm.localcloud.kinds.checks import mapping, text
from isotherm.localcloud.volume.dialect import (
    DIALECT,
    VolumeDialect,
    VolumeLists,
    checked,
    conflict,
    invalid,
    invalid_input,
    links,
)
from isotherm.localcloud.volume.entities import QosSpecs, VolumeType
from isotherm.localcloud.volume.state import BlockStorage

_RULE = "volume_extension:qos_specs_manage"
_CONSUMERS = ("back-end", "front-end", "both")
_PAIRS = mapping(text())


class _QosLists(VolumeLists):
    newest_first = False
    strict = False


class _QosDialect(VolumeDialect):
    lists = _QosLists()
    words: ClassVar = {
        "missing": (404, "No such QoS spec {entity_id}."),
    }


QOS = Kind[BlockStorage, QosSpecs](
    dialect=_QosDialect(),
    name="qos_specs",
    entity=QosSpecs,
    plural="qos_specs",
    path="/qos-specs",
    verbs=("list",),
    admins={"list": f"{_RULE}:get_all"},
    listing=Listing(paged=False, linked=False),
)
routes = QOS.routes
_ONE = QOS.one


@routes.post("/qos-specs", "qos_specs.create", policy=f"{_RULE}:create")
def create_qos(storage: BlockStorage, call: Call) -> object:
    """Whatever is said besides is one of the specs."""
    said = DIALECT.body(call, "qos_specs")
    if isinstance(said, dict) and "name" not in said:
        raise DIALECT.required("qos_specs", "name", said)
    for key, value in said.items():
        if not isinstance(value, str):
            raise invalid_input(f'Value for key "{key}" is not a string or unicode')
    wish = _pairs(call)
    name, consumer = wish.pop("name"), wish.pop("consumer", "back-end")
    if not name.strip():
        raise invalid("An invalid 'name' value was provided. The 'name' can not be None.")
    if storage.qos_specs.find(name=name):
        raise conflict(f"QoS Specs {name} already exists.")
    _check_consumer(consumer)
    made = storage.qos_specs.add(QosSpecs(name=name, consumer=consumer, specs=wish))
    return _show(storage, call, made)


@routes.get(_ONE, "qos_specs.show", policy=f"{_RULE}:get")
def show_qos(storage: BlockStorage, call: Call) -> object:
    return _show(storage, call, QOS.of(storage, call))


@routes.put(_ONE, "qos_specs.update", policy=f"{_RULE}:update")
def update_qos(storage: BlockStorage, call: Call) -> object:
    wish, specs = _pairs(call), QOS.of(storage, call)
    changed = dict(wish)
    specs.consumer = _check_consumer(changed.pop("consumer", specs.consumer))
    specs.specs |= changed
    storage.qos_specs.save(specs)
    return {"qos_specs": wish}


@routes.put(f"{_ONE}/delete_keys", "qos_specs.delete_keys", policy=f"{_RULE}:update", status=202)
def delete_keys(storage: BlockStorage, call: Call) -> None:
    keys, specs = DIALECT.body(call, "keys"), QOS.of(storage, call)
    for key in keys:
        if key not in specs.specs:
            raise Fault(404, f"QoS spec {specs.id} has no spec with key {key}.")
    for key in keys:
        del specs.specs[key]
    storage.qos_specs.save(specs)


@routes.delete(_ONE, "qos_specs.delete", policy=f"{_RULE}:delete", status=202)
def delete_qos(storage: BlockStorage, call: Call) -> None:
    specs = QOS.of(storage, call)
    users = _users(storage, specs)
    if users and (call.argument("force") or "").lower() != "true":
        raise invalid("Qos specs still in use.")
    _associate(storage, users, None)
    storage.qos_specs.remove(specs.id)


@routes.get(f"{_ONE}/associations", "qos_specs.list_associations", policy=f"{_RULE}:get_all")
def list_associations(storage: BlockStorage, call: Call) -> object:
    users = _users(storage, QOS.of(storage, call))
    kind = {"association_type": "volume_type"}
    return {"qos_associations": [{**kind, "name": each.name, "id": each.id} for each in users]}


@routes.get(f"{_ONE}/associate", "qos_specs.associate", policy=f"{_RULE}:update", status=202)
def associate(storage: BlockStorage, call: Call) -> None:
    specs, type_ = QOS.of(storage, call), _named_type(storage, call)
    if type_.qos_specs_id not in (None, specs.id):
        raise invalid(
            f"Invalid volume type: Type {type_.id} is already associated with another qos specs: "
            f"{type_.qos_specs_id}"
        )
    _associate(storage, [type_], specs.id)


@routes.get(f"{_ONE}/disassociate", "qos_specs.disassociate", policy=f"{_RULE}:update", status=202)
def disassociate(storage: BlockStorage, call: Call) -> None:
    QOS.of(storage, call)
    _associate(storage, [_named_type(storage, call)], None)


@routes.get(
    f"{_ONE}/disassociate_all", "qos_specs.disassociate_all", policy=f"{_RULE}:update", status=202
)
def disassociate_all(storage: BlockStorage, call: Call) -> None:
    _associate(storage, _users(storage, QOS.of(storage, call)), None)


def _associate(storage: BlockStorage, types: list[VolumeType], qos_id: str | None) -> None:
    for type_ in types:
        type_.qos_specs_id = qos_id
        storage.types.save(type_)


def _users(storage: BlockStorage, specs: QosSpecs) -> list[VolumeType]:
    return [each for each in storage.types if each.qos_specs_id == specs.id]


def _named_type(storage: BlockStorage, call: Call) -> VolumeType:
    type_id = call.argument("vol_type_id")
    if type_id is None:
        raise invalid("Volume Type id must not be None.")
    type_ = storage.types.get(type_id)
    if type_ is None:
        raise DIALECT.missing("Volume type", type_id)
    return type_


def _pairs(call: Call) -> dict[str, str]:
    pairs: dict[str, str] = checked("qos_specs", DIALECT.body(call, "qos_specs"), _PAIRS)
    return pairs


def _check_consumer(consumer: str) -> str:
    if consumer not in _CONSUMERS:
        raise invalid(f"Invalid qos specs: Valid consumer of QoS specs are: {_CONSUMERS}")
    return consumer


def _show(storage: BlockStorage, call: Call, specs: QosSpecs) -> dict[str, Any]:
    shown = QOS.show(storage, call, specs)
    return {"qos_specs": shown, "links": links(call, f"qos-specs/{specs.id}")}
