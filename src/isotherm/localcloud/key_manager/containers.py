"""Containers: secrets that belong together."""

from typing import Any

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.key_manager.dialect import KeyDialect, KeyKind, id_of, reference
from isotherm.localcloud.key_manager.entities import Container
from isotherm.localcloud.key_manager.state import KeyManager, may_read
from isotherm.localcloud.kinds import Listing, Wish, said_only
from isotherm.localcloud.kinds.checks import list_of, or_none, shape, text

DIALECT = KeyDialect("Container")
_REFERENCES = list_of(shape({"name": or_none(text()), "secret_ref": text(1)}, "secret_ref"))
_NAMES = {
    "rsa": ({"public_key", "private_key"}, {"private_key_passphrase"}),
    "certificate": ({"certificate"}, {"private_key", "private_key_passphrase", "intermediates"}),
}
"""By type: which names must be there, and which may."""


def create(keys: KeyManager, call: Call, wish: Wish) -> Container:
    here = reference(call, "secrets", "")
    if not all(str(each["secret_ref"]).startswith(here) for each in wish["secret_refs"]):
        raise Fault(400, "Provided field value is not supported")
    given = [(each.get("name"), id_of(each["secret_ref"])) for each in wish.pop("secret_refs")]
    _require_names(wish["type"], [name for name, _ in given])
    if len({secret for _, secret in given}) < len(given):
        raise DIALECT.misfitting("Duplicate secret ids are not allowed", "secret_refs")
    for name, secret in given:
        if keys.find_secret(call.caller, secret) is None:
            raise Fault(404, f"Secret provided for '{name}' doesn't exist.")
    return CONTAINERS.add(keys, call.caller, wish, secrets=given)


def _require_names(type_: str, given: list[str | None]) -> None:
    if len(set(given)) < len(given):
        raise DIALECT.misfitting("Duplicate reference names are not allowed", "secret_refs")
    if not given:
        return
    needed, possible = _NAMES.get(type_, (set(), set(given)))
    if strange := set(given) - needed - possible:
        what = f"reference names {sorted(map(str, strange))} are not allowed for type {type_}"
        raise DIALECT.misfitting(what, "secret_refs")
    if missing := needed - set(given):
        what = f"The reference names {sorted(missing)} are required for type {type_}"
        raise DIALECT.misfitting(what, "secret_refs")


def _more(keys: KeyManager, call: Call, container: Container, view: str) -> dict[str, Any]:
    return {
        "secret_refs": [
            {**({"name": name} if name else {}), "secret_ref": reference(call, "secrets", secret)}
            for name, secret in container.secrets
        ],
        "consumers": [
            {name: each[name] for name in ("name", "URL")} for each in container.consumers
        ],
    }


def _sees(keys: KeyManager, caller: Caller, container: Container) -> bool:
    return may_read(caller, container)


CONTAINERS = KeyKind[Container](
    dialect=DIALECT,
    name="container",
    noun="Secrets container",
    entity=Container,
    verbs=("create", "list", "show", "delete"),
    also={"secret_refs": said_only(_REFERENCES, update=False, default=[])},
    limit="containers",
    listing=Listing(filters=("name", "type")),
    create=create,
    more=_more,
    visible=_sees,
    find_as=KeyManager.find_container,
)
