"""Lists of network: filters with several values, tags, pages that go both ways."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from isotherm.localcloud.entities import Entity
from isotherm.localcloud.exchange import Call
from isotherm.localcloud.kinds import Asked, Field, Lists
from isotherm.localcloud.network import faults
from isotherm.localcloud.network.checks import boolean, mac_address

Query = dict[str, list[str]]
_TAG_FILTERS = ("tags", "tags-any", "not-tags", "not-tags-any")


def query_of(call: Call) -> Query:
    """The query's values by name; a name may have several."""
    query: Query = {}
    for name, value in call.query:
        query.setdefault(name, []).append(value)
    return query


def selected(shown: dict[str, Any], query: Query) -> dict[str, Any]:
    """Only the fields that were asked for; all where none were."""
    wanted = [name for name in query.get("fields", ()) if name]
    return {name: shown[name] for name in wanted if name in shown} if wanted else shown


class NetworkLists(Lists):
    """A filter may have several values; pages go both ways."""

    general = ("limit", "marker", "page_reverse", "sort_key", "sort_dir", "fields", "verbose")

    def answer(self, asked: Asked[Any]) -> object:
        self._check_names(asked, query_of(asked.call))
        return super().answer(asked)

    def body(
        self, asked: Asked[Any], shown: list[dict[str, Any]], beside: dict[str, Any]
    ) -> object:
        query = query_of(asked.call)
        return {asked.plural: [selected(each, query) for each in shown], **beside}

    def _check_names(self, asked: Asked[Any], query: Query) -> None:
        known = {*asked.fields, *asked.listing.matchers, *self.general, *_TAG_FILTERS}
        unknown = [name for name in query if name not in known and name != "changed_since"]
        if unknown:
            raise faults.refused(f"{unknown} is invalid attribute for filtering")
        keys = query.get("sort_key", [])
        if len(keys) != len(query.get("sort_dir", [])):
            raise faults.refused("The number of sort_keys and sort_dirs must be same")
        bad = [key for key in keys if key not in asked.fields]
        if bad:
            raise faults.refused(f"{bad} is invalid attribute for sort_keys")

    def filtered(self, asked: Asked[Any]) -> list[Any]:
        found = asked.found
        for name, values in query_of(asked.call).items():
            if name not in self.general:
                test = self._test(asked, name, values)
                found = [each for each in found if test(each)]
        return found

    def _test(self, asked: Asked[Any], name: str, values: list[str]) -> Callable[[Any], bool]:
        if name in _TAG_FILTERS:
            return lambda each: _has_tags(each.tags, name, values)
        if name == "changed_since":
            return lambda each: bool(each.updated_at >= values[-1])
        if name in asked.listing.matchers:
            return lambda each: any(asked.matches(each, name, value) for value in values)
        wanted = _wanted(asked.fields[name], values)
        return lambda each: _is_among(asked.value(each, name), wanted)

    def page(self, asked: Asked[Any], ordered: list[Any]) -> tuple[list[Any], bool]:
        limit, reverse, marker = self._place(asked.call)
        position = next((at for at, each in enumerate(ordered) if each.id == marker), None)
        if position is not None:
            ordered = ordered[:position] if reverse else ordered[position + 1 :]
        if not limit:
            return ordered, False
        return ordered[-limit:] if reverse else ordered[:limit], True

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        limit, reverse, _ = self._place(asked.call)
        links = []
        if more and (len(page) >= limit or reverse):
            links.append({"rel": "next", "href": _link(asked.call, page[-1:], reverse=False)})
        if more and (len(page) >= limit or not reverse):
            links.append({"rel": "previous", "href": _link(asked.call, page[:1], reverse=True)})
        return {f"{asked.plural}_links": links} if links else {}

    @staticmethod
    def _place(call: Call) -> tuple[int, bool, str]:
        """Limit (0: none), whether the pages go backwards, marker. Raises Fault 400."""
        given = call.argument("limit") or "0"
        try:
            limit = int(given)
        except ValueError:
            limit = -1
        if limit < 0:
            raise faults.bad_request(
                "limit", f"Limit must be an integer 0 or greater and not '{given}'"
            )
        reverse = (call.argument("page_reverse") or "").lower() == "true"
        return limit, reverse, call.argument("marker") or ""


def _wanted(field: Field, values: list[str]) -> set[object]:
    """The values in the form in which they are stored."""
    if field.check not in (boolean, mac_address):
        return set(values)
    try:
        return {field.check(value) for value in values}
    except ValueError as error:
        raise faults.invalid_input(str(error)) from error


def _is_among(value: object, wanted: set[object]) -> bool:
    if isinstance(value, bool):
        return value in wanted
    if isinstance(value, list):
        return any(_is_among(each, wanted) for each in value)
    return ("" if value is None else str(value)) in wanted


def _has_tags(tags: list[str], name: str, values: list[str]) -> bool:
    named = [tag for value in values for tag in value.split(",")]
    found = any(tag in tags for tag in named) if name.endswith("any") else set(named) <= set(tags)
    return found != name.startswith("not")


def _link(call: Call, edge: list[Entity], *, reverse: bool) -> str:
    pairs = [pair for pair in call.query if pair[0] not in ("marker", "page_reverse")]
    pairs += [("marker", entity.id) for entity in edge]
    if reverse:
        pairs.append(("page_reverse", "True"))
    return f"{call.base_url}{call.path}?{urlencode(pairs)}"
