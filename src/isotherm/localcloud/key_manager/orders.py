"""Orders: keys, pairs of keys and certificates that the key manager makes itself."""

import base64
import secrets as lots
from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.key_manager.dialect import KeyDialect, KeyKind, reference
from isotherm.localcloud.key_manager.entities import Container, Order, Secret
from isotherm.localcloud.key_manager.secrets import BINARY, TEXT
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.kinds import Life, Wish

DIALECT = KeyDialect("Order")
Made = dict[str, tuple[str, bytes]]
"""Kinds and contents of the secrets that an order makes, by their names."""


def create(keys: KeyManager, call: Call, wish: Wish) -> Order:
    meta = wish["meta"]
    if wish["type"] != "certificate":
        for name in ("algorithm", "bit_length"):
            if meta.get(name) is None:
                raise DIALECT.misfitting(f"'{name}' is a required property", name)
        bits = meta["bit_length"]
        if not isinstance(bits, int) or bits <= 0 or (wish["type"] == "key" and bits % 8):
            raise Fault(400, "Provided field value is not supported")
    return ORDERS.add(keys, call.caller, wish)


def fulfil(keys: KeyManager, order: Order, args: dict[str, Any]) -> None:
    order.updated_at = keys.now()
    if order.type == "key":
        made = {"key": ("symmetric", lots.token_bytes(order.meta["bit_length"] // 8))}
        order.secret_id = _keep(keys, order, made)["key"]
        return
    # Imported late: slow to load, rarely needed.
    from isotherm.localcloud.key_manager.generation import certificate, key_pair

    made = (
        certificate(order.meta, keys.now()) if order.type == "certificate" else key_pair(order.meta)
    )
    container = Container(
        **_owner(keys, order),
        name=order.meta.get("name"),
        type="certificate" if order.type == "certificate" else "rsa",
        secrets=list(_keep(keys, order, made).items()),
    )
    order.container_id = keys.containers.add(container).id


def _keep(keys: KeyManager, order: Order, made: Made) -> dict[str, str]:
    """Store what was made; the secrets' ids by name."""
    named = order.meta.get("name")
    kept = {}
    for name, (kind, content) in made.items():
        secret = Secret(
            **_owner(keys, order),
            name=name if order.type == "certificate" else named,
            algorithm=order.meta.get("algorithm"),
            bit_length=order.meta.get("bit_length"),
            mode=order.meta.get("mode"),
            secret_type=kind,
            payload=base64.b64encode(content).decode(),
            content_type=TEXT if kind == "passphrase" else BINARY,
        )
        kept[name] = keys.secrets.add(secret).id
    return kept


def _owner(keys: KeyManager, order: Order) -> dict[str, Any]:
    now = keys.now()
    owner = {"project_id": order.project_id, "user_id": order.user_id}
    return {**owner, "created_at": now, "updated_at": now}


def fail(keys: KeyManager, order: Order, args: dict[str, Any]) -> str:
    order.error_reason = args.get("message")
    return str(args["state"])


def _sees(keys: KeyManager, caller: Caller, order: Order) -> bool:
    return caller.project_id == order.project_id


def _more(keys: KeyManager, call: Call, order: Order, view: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"sub_status": "Unknown", "sub_status_message": "Unknown"}
    if order.secret_id:
        shown["secret_ref"] = reference(call, "secrets", order.secret_id)
    if order.container_id:
        shown["container_ref"] = reference(call, "containers", order.container_id)
    if order.error_reason:
        shown |= {"error_reason": order.error_reason, "error_status_code": "500"}
    return shown


ORDERS = KeyKind[Order](
    dialect=DIALECT,
    name="order",
    entity=Order,
    verbs=("create", "list", "show", "delete"),
    limit="orders",
    life=Life(creating="PENDING", ready="ACTIVE", completed=fulfil, failing=fail),
    create=create,
    more=_more,
    visible=_sees,
)
