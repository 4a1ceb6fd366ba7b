"""Lists: filtered, sorted, paged, cut to the fields that were asked for."""

from typing import Any, TypeVar
from urllib.parse import urlencode

from isotherm.localcloud.exchange import Call
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.checks import boolean
from isotherm.localcloud.network.entities import NetworkEntity
from isotherm.localcloud.network.kinds import Kind
from isotherm.localcloud.network.state import Networking

E = TypeVar("E", bound=NetworkEntity)

_PAGING = ("limit", "marker", "page_reverse", "sort_key", "sort_dir", "fields", "verbose")
_TAG_FILTERS = ("tags", "tags-any", "not-tags", "not-tags-any")


class Query(dict[str, list[str]]):
    """The query's values by name; a name may have several."""

    @classmethod
    def of(cls, call: Call) -> "Query":
        query = cls()
        for name, value in call.query:
            query.setdefault(name, []).append(value)
        return query

    def last(self, name: str, default: str = "") -> str:
        return self.get(name, [default])[-1]


def list_page(networking: Networking, call: Call, kind: Kind[E]) -> dict[str, Any]:
    """The body of a list's reply. Raises Fault 400."""
    query = Query.of(call)
    _check_names(query, kind)
    if kind.before_list is not None:
        kind.before_list(networking, call.caller)
    found = [
        entity
        for entity in _candidates(networking, kind, query)
        if kind.visible(networking, call.caller, entity)
    ]
    found = _filtered(networking, kind, found, query, call)
    found = _sorted(kind, found, query)
    page, links = _page(found, query, call, kind.plural)
    body: dict[str, Any] = {
        kind.plural: [
            selected(kind.show(networking, entity, call.caller), query) for entity in page
        ]
    }
    if links:
        body[f"{kind.plural}_links"] = links
    return body


def selected(shown: dict[str, Any], query: Query) -> dict[str, Any]:
    """Only the fields that were asked for; all where none were."""
    wanted = [name for name in query.get("fields", ()) if name]
    if not wanted:
        return shown
    return {name: shown[name] for name in wanted if name in shown}


def _check_names(query: Query, kind: Kind[E]) -> None:
    known = {*kind.schema.attributes, *kind.matchers, *_PAGING, *_TAG_FILTERS, "changed_since"}
    unknown = [name for name in query if name not in known]
    if unknown:
        raise faults.refused(f"{unknown} is invalid attribute for filtering")
    keys, directions = query.get("sort_key", []), query.get("sort_dir", [])
    if len(keys) != len(directions):
        raise faults.refused("The number of sort_keys and sort_dirs must be same")
    bad = [key for key in keys if key not in kind.schema.attributes]
    if bad:
        raise faults.refused(f"{bad} is invalid attribute for sort_keys")


def _candidates(networking: Networking, kind: Kind[E], query: Query) -> list[E]:
    """All that may match: by id where ids are named, else all."""
    collection = kind.collection(networking)
    if "id" in query:
        return [entity for entity in map(collection.get, query["id"]) if entity is not None]
    return list(collection)


def _filtered(
    networking: Networking, kind: Kind[E], found: list[E], query: Query, call: Call
) -> list[E]:
    for name, values in query.items():
        if name in _PAGING or name == "id":
            continue
        if name in _TAG_FILTERS:
            found = [each for each in found if _has_tags(each.tags, name, values)]
        elif name == "changed_since":
            found = [each for each in found if each.updated_at >= values[-1]]
        elif name in kind.matchers:
            matcher = kind.matchers[name]
            if name == "fixed_ips" and not found:
                continue
            found = [each for each in found if any(matcher(networking, each, v) for v in values)]
        else:
            wanted = _wanted(kind, name, values)
            found = [
                each
                for each in found
                if _matches(_value(networking, kind, each, name, call), wanted)
            ]
    return found


def _wanted(kind: Kind[E], name: str, values: list[str]) -> set[object]:
    if kind.schema.attributes[name].check is not boolean:
        return set(values)
    try:
        return {boolean(value) for value in values}
    except ValueError as error:
        raise faults.invalid_input(str(error)) from error


def _value(networking: Networking, kind: Kind[E], entity: E, name: str, call: Call) -> object:
    field = "project_id" if name == "tenant_id" else kind.renamed.get(name, name)
    if hasattr(entity, field):
        return getattr(entity, field)
    return kind.show(networking, entity, call.caller).get(name)


def _matches(value: object, wanted: set[object]) -> bool:
    if isinstance(value, bool):
        return value in wanted
    if isinstance(value, list):
        return any(_matches(each, wanted) for each in value)
    return ("" if value is None else str(value)) in wanted


def _has_tags(tags: list[str], name: str, values: list[str]) -> bool:
    named = [tag for value in values for tag in value.split(",")]
    found = any(tag in tags for tag in named) if name.endswith("any") else set(named) <= set(tags)
    return found != name.startswith("not")


def _sorted(kind: Kind[E], found: list[E], query: Query) -> list[E]:
    pairs = list(zip(query.get("sort_key", []), query.get("sort_dir", []), strict=True))
    for key, direction in reversed(pairs):
        field = "project_id" if key == "tenant_id" else kind.renamed.get(key, key)
        found = sorted(
            found,
            key=lambda each: _order(getattr(each, field, None)),
            reverse=direction == "desc",
        )
    return found


def _order(value: object) -> tuple[bool, float, str]:
    if isinstance(value, bool | int | float):
        return True, value, ""
    return value is not None, 0, str(value or "")


def _page(
    found: list[E], query: Query, call: Call, plural: str
) -> tuple[list[E], list[dict[str, str]]]:
    limit = _limit(query)
    reverse = query.last("page_reverse").lower() == "true"
    marker = query.last("marker")
    position = next((at for at, each in enumerate(found) if each.id == marker), None)
    if position is not None:
        found = found[:position] if reverse else found[position + 1 :]
    if not limit:
        return found, []
    page = found[-limit:] if reverse else found[:limit]
    links = []
    if not (len(page) < limit and not reverse):
        links.append({"rel": "next", "href": _link(call, page[-1:], reverse=False)})
    if not (len(page) < limit and reverse):
        links.append({"rel": "previous", "href": _link(call, page[:1], reverse=True)})
    return page, links


def _limit(query: Query) -> int:
    given = query.last("limit", "0")
    try:
        limit = int(given or 0)
    except ValueError:
        limit = -1
    if limit < 0:
        raise faults.bad_request(
            "limit", f"Limit must be an integer 0 or greater and not '{given}'"
        )
    return limit


def _link(call: Call, edge: list[E], *, reverse: bool) -> str:
    pairs = [pair for pair in call.query if pair[0] not in ("marker", "page_reverse")]
    pairs += [("marker", entity.id) for entity in edge]
    if reverse:
        pairs.append(("page_reverse", "True"))
    return f"{call.base_url}{call.path}?{urlencode(pairs)}"
