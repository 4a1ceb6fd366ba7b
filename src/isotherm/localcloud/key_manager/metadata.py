"""Metadata of secrets: all at once, or pair by pair."""

from typing import Any

from isotherm.localcloud.exchange import Call, Fault
from isotherm.localcloud.key_manager.dialect import reference
from isotherm.localcloud.key_manager.entities import Secret
from isotherm.localcloud.key_manager.secrets import DIALECT, SECRETS
from isotherm.localcloud.key_manager.state import KeyManager
from isotherm.localcloud.kinds.checks import mapping, shape, text

_ALL = f"{SECRETS.one}/metadata"
_ONE = f"{_ALL}/{{key}}"
_PAIR = shape({"key": text(1), "value": text()}, "key", "value")
routes = SECRETS.routes


@routes.get(_ALL, "secret_metadata.list")
def list_all(keys: KeyManager, call: Call) -> object:
    return {"metadata": SECRETS.of(keys, call).metadata}


@routes.put(_ALL, "secret_metadata.replace", status=201)
def replace(keys: KeyManager, call: Call) -> object:
    secret = SECRETS.of(keys, call)
    said = DIALECT.checked("metadata", call.json.get("metadata"), mapping(text()))
    _keep(keys, secret, said)
    return {"metadata_ref": f"{reference(call, 'secrets', secret.id)}/metadata"}


@routes.post(_ALL, "secret_metadata.add", status=201)
def add(keys: KeyManager, call: Call) -> object:
    secret, pair = SECRETS.of(keys, call), _said(call)
    if pair["key"] in secret.metadata:
        raise Fault(409, "Conflict. Key in request is already in the secret metadata")
    _keep(keys, secret, {**secret.metadata, pair["key"]: pair["value"]})
    return pair


@routes.get(_ONE, "secret_metadata.show")
def show(keys: KeyManager, call: Call) -> object:
    secret, key = _with_key(keys, call)
    return {"key": key, "value": secret.metadata[key]}


@routes.put(_ONE, "secret_metadata.set")
def change(keys: KeyManager, call: Call) -> object:
    secret, key = _with_key(keys, call)
    pair = _said(call)
    if pair["key"] != key:
        raise Fault(409, "Conflict. Key in request does not match key in the request url.")
    _keep(keys, secret, {**secret.metadata, key: pair["value"]})
    return pair


@routes.delete(_ONE, "secret_metadata.delete")
def delete(keys: KeyManager, call: Call) -> None:
    secret, key = _with_key(keys, call)
    _keep(keys, secret, {name: each for name, each in secret.metadata.items() if name != key})


def _said(call: Call) -> dict[str, str]:
    pair: dict[str, Any] = DIALECT.checked("metadata", call.json, _PAIR)
    return {"key": pair["key"], "value": pair["value"]}


def _with_key(keys: KeyManager, call: Call) -> tuple[Secret, str]:
    secret, key = SECRETS.of(keys, call), call.params["key"]
    if key not in secret.metadata:
        raise Fault(404, "Secret metadata not found.")
    return secret, key


def _keep(keys: KeyManager, secret: Secret, metadata: dict[str, str]) -> None:
    secret.metadata = metadata
    keys.secrets.save(secret)
