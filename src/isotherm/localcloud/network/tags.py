"""Tags of any object."""

from typing import TypeVar

from isotherm.localcloud.exchange import Call, Fault, Reply
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.entities import NetworkEntity
from isotherm.localcloud.network.kinds import Kind
from isotherm.localcloud.network.state import Networking
from isotherm.localcloud.routing import Routes

E = TypeVar("E", bound=NetworkEntity)

_LONGEST = 255


def add_routes(routes: Routes[Networking], kind: Kind[E]) -> None:
    """Operations `<kind>.list_tags`, `.replace_tags`, `.add_tags`, `.remove_tags`."""
    path = f"{kind.path}/{{id}}/tags"
    _add_list_routes(routes, kind, path)
    _add_single_routes(routes, kind, path)


def _add_list_routes(routes: Routes[Networking], kind: Kind[E], path: str) -> None:
    @routes.get(path, f"{kind.name}.list_tags")
    def list_tags(networking: Networking, call: Call) -> object:
        return {"tags": kind.find(networking, call.caller, call.params["id"]).tags}

    @routes.put(path, f"{kind.name}.replace_tags")
    def replace_tags(networking: Networking, call: Call) -> object:
        return _store(networking, call, kind, _read(call), add=False)

    @routes.post(path, f"{kind.name}.add_tags")
    def add_tags(networking: Networking, call: Call) -> object:
        return _store(networking, call, kind, _read(call), add=True)

    @routes.delete(path, f"{kind.name}.remove_tags")
    def remove_tags(networking: Networking, call: Call) -> None:
        _store(networking, call, kind, [], add=False)


def _add_single_routes(routes: Routes[Networking], kind: Kind[E], path: str) -> None:
    @routes.get(f"{path}/{{tag}}", f"{kind.name}.show_tag", status=204)
    def show_tag(networking: Networking, call: Call) -> None:
        if call.params["tag"] not in kind.find(networking, call.caller, call.params["id"]).tags:
            raise _no_tag(call.params["tag"])

    @routes.put(f"{path}/{{tag}}", f"{kind.name}.add_tag", status=201)
    def add_tag(networking: Networking, call: Call) -> Reply:
        _store(networking, call, kind, [_checked(call.params["tag"])], add=True)
        return Reply(201)

    @routes.delete(f"{path}/{{tag}}", f"{kind.name}.remove_tag")
    def remove_tag(networking: Networking, call: Call) -> None:
        entity = kind.find_own(networking, call.caller, call.params["id"], "update")
        if call.params["tag"] not in entity.tags:
            raise _no_tag(call.params["tag"])
        entity.tags.remove(call.params["tag"])
        networking.save(kind.collection(networking), entity)


def _store(
    networking: Networking, call: Call, kind: Kind[E], tags: list[str], *, add: bool
) -> object:
    entity = kind.find_own(networking, call.caller, call.params["id"], "update")
    before = entity.tags if add else []
    entity.tags = list(dict.fromkeys([*before, *tags]))
    networking.save(kind.collection(networking), entity)
    return {"tags": tags}


def _read(call: Call) -> list[str]:
    body = call.json
    if "tags" not in body:
        raise faults.invalid_input("Invalid tags body")
    tags = body["tags"]
    if not isinstance(tags, list):
        raise faults.invalid_input(f"'{tags}' is not a list")
    for position, tag in enumerate(tags):
        if tag in tags[:position]:
            raise faults.invalid_input(f"Duplicate items in the list: '{tag}'")
    return [_checked(tag) for tag in tags]


def _checked(tag: object) -> str:
    if not isinstance(tag, str):
        raise faults.invalid_input(f"'{tag}' is not a valid string")
    if len(tag) > _LONGEST:
        raise faults.invalid_input(f"'{tag}' exceeds maximum length of {_LONGEST}")
    return tag


def _no_tag(tag: str) -> Fault:
    return faults.missing("TagNotFound", f"Tag {tag} could not be found.")
