"""Routes of QoS specs and their association with volume types."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.volume import bodies, rendering
from isotherm.localcloud.volume.entities import QosSpecs
from isotherm.localcloud.volume.faults import conflict, invalid, invalid_field, not_found
from isotherm.localcloud.volume.routing import VolumeRoutes
from isotherm.localcloud.volume.state import BlockStorage

routes = VolumeRoutes()

_QOS = "/qos-specs/{qos_id}"
_RULE = "volume_extension:qos_specs_manage"
_CONSUMERS = ("back-end", "front-end", "both")


@routes.post("/qos-specs", "qos_specs.create", policy=f"{_RULE}:create")
def create_qos(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "qos_specs", dict[str, str])
    name = wish.pop("name", "")
    consumer = wish.pop("consumer", "back-end")
    if not name:
        raise invalid_field("qos_specs", "'name' is a required property")
    if storage.qos_specs.find(name=name):
        raise conflict(f"QoS Specs {name} already exists.")
    _check_consumer(consumer)
    made = storage.qos_specs.add(QosSpecs(name=name, consumer=consumer, specs=wish))
    return _show(call, made)


@routes.get("/qos-specs", "qos_specs.list", policy=f"{_RULE}:get_all")
def list_qos(storage: BlockStorage, call: Call) -> object:
    return {"qos_specs": [rendering.show_qos(each) for each in storage.qos_specs]}


@routes.get(_QOS, "qos_specs.show", policy=f"{_RULE}:get")
def show_qos(storage: BlockStorage, call: Call) -> object:
    return _show(call, _find(storage, call))


@routes.put(_QOS, "qos_specs.update", policy=f"{_RULE}:update")
def update_qos(storage: BlockStorage, call: Call) -> object:
    wish = bodies.read(call, "qos_specs", dict[str, str])
    specs = _find(storage, call)
    changed = dict(wish)
    specs.consumer = _check_consumer(changed.pop("consumer", specs.consumer))
    specs.specs |= changed
    storage.qos_specs.save(specs)
    return {"qos_specs": wish}


@routes.put(f"{_QOS}/delete_keys", "qos_specs.delete_keys", policy=f"{_RULE}:update", status=202)
def delete_keys(storage: BlockStorage, call: Call) -> None:
    keys = bodies.read(call, "keys", list[str])
    specs = _find(storage, call)
    for key in keys:
        if key not in specs.specs:
            raise Fault(404, f"QoS spec {specs.id} has no spec with key {key}.")
    for key in keys:
        del specs.specs[key]
    storage.qos_specs.save(specs)


@routes.delete(_QOS, "qos_specs.delete", policy=f"{_RULE}:delete", status=202)
def delete_qos(storage: BlockStorage, call: Call) -> None:
    specs = _find(storage, call)
    users = [each for each in storage.types if each.qos_specs_id == specs.id]
    if users and (call.argument("force") or "").lower() != "true":
        raise invalid("Qos specs still in use.")
    for type_ in users:
        type_.qos_specs_id = None
        storage.types.save(type_)
    storage.qos_specs.remove(specs.id)


@routes.get(f"{_QOS}/associations", "qos_specs.list_associations", policy=f"{_RULE}:get_all")
def list_associations(storage: BlockStorage, call: Call) -> object:
    specs = _find(storage, call)
    users = [each for each in storage.types if each.qos_specs_id == specs.id]
    kind = {"association_type": "volume_type"}
    return {"qos_associations": [{**kind, "name": each.name, "id": each.id} for each in users]}


@routes.get(f"{_QOS}/associate", "qos_specs.associate", policy=f"{_RULE}:update", status=202)
def associate(storage: BlockStorage, call: Call) -> None:
    _set_association(storage, call, _find(storage, call).id)


@routes.get(f"{_QOS}/disassociate", "qos_specs.disassociate", policy=f"{_RULE}:update", status=202)
def disassociate(storage: BlockStorage, call: Call) -> None:
    _find(storage, call)
    _set_association(storage, call, None)


@routes.get(
    f"{_QOS}/disassociate_all", "qos_specs.disassociate_all", policy=f"{_RULE}:update", status=202
)
def disassociate_all(storage: BlockStorage, call: Call) -> None:
    specs = _find(storage, call)
    for type_ in storage.types:
        if type_.qos_specs_id == specs.id:
            type_.qos_specs_id = None
            storage.types.save(type_)


def _set_association(storage: BlockStorage, call: Call, qos_id: str | None) -> None:
    type_id = call.argument("vol_type_id") or ""
    type_ = storage.types.get(type_id)
    if type_ is None:
        raise not_found("Volume type", type_id)
    type_.qos_specs_id = qos_id
    storage.types.save(type_)


def _check_consumer(consumer: str) -> str:
    if consumer not in _CONSUMERS:
        raise invalid(f"Invalid qos specs: Valid consumer of QoS specs are: {_CONSUMERS}")
    return consumer


def _find(storage: BlockStorage, call: Call) -> QosSpecs:
    specs = storage.qos_specs.get(call.params["qos_id"])
    if specs is None:
        raise Fault(404, f"No such QoS spec {call.params['qos_id']}.")
    return specs


def _show(call: Call, specs: QosSpecs) -> dict[str, Any]:
    links = rendering.links(call, f"qos-specs/{specs.id}")
    return {"qos_specs": rendering.show_qos(specs), "links": links}
