"""Consumers of secrets and containers: who says that it uses them."""

from collections.abc import Callable
from typing import Any

from isotherm.localcloud.clock import iso_time
from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.key_manager.containers import CONTAINERS
from isotherm.localcloud.key_manager.entities import Consumers
from isotherm.localcloud.key_manager.secrets import SECRETS
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.kinds import Kind
from isotherm.localcloud.kinds.checks import shape, text

_FIELDS: dict[str, tuple[str, ...]] = {
    "container": ("name", "URL"),
    "secret": ("service", "resource_type", "resource_id"),
}


def _route(kind: Kind[KeyManager, Any]) -> None:
    path, names = f"{kind.one}/consumers", _FIELDS[kind.name]
    check = shape(dict.fromkeys(names, text(1)), *names)

    def listed(keys: KeyManager, call: Call) -> object:
        consumers = kind.of(keys, call).consumers
        return {"consumers": consumers, "total": len(consumers)}

    def changed(change: Callable[[KeyManager, Consumers, dict[str, str]], None]) -> Any:
        def handle(keys: KeyManager, call: Call) -> object:
            held = kind.of(keys, call)
            change(keys, held.consumers, kind.dialect.checked("consumer", call.json, check))
            return kind.reply(keys, call, kind.touch(keys, held))

        return handle

    kind.routes.get(path, f"{kind.name}_consumer.list")(listed)
    kind.routes.post(path, f"{kind.name}_consumer.create")(changed(_add))
    kind.routes.delete(path, f"{kind.name}_consumer.delete", status=200)(changed(_remove))


def _add(keys: KeyManager, consumers: Consumers, said: dict[str, str]) -> None:
    if _known(consumers, said) is None:
        now = iso_time(keys.now(), suffix=".000000")
        consumers.append({"created": now, "updated": now, "status": "ACTIVE", **said})


def _remove(keys: KeyManager, consumers: Consumers, said: dict[str, str]) -> None:
    known = _known(consumers, said)
    if known is None:
        raise Fault(404, "Consumer not found.")
    consumers.remove(known)


def _known(consumers: Consumers, said: dict[str, str]) -> dict[str, str] | None:
    return next((each for each in consumers if said.items() <= each.items()), None)


for _kind in (CONTAINERS, SECRETS):
    _route(_kind)
