"""Lists of images: who sees which, filters, order, pages."""

import csv
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from urllib.parse import urlencode

from isotherm.localcloud.exchange import Call, Caller, Fault
from isotherm.localcloud.image.entities import Image
from isotherm.localcloud.image.faults import invalid, no_image
from isotherm.localcloud.image.schemas import MEMBER_STATUSES, VISIBILITIES
from isotherm.localcloud.image.state import Images
from isotherm.localcloud.kinds import Asked, Lists

_TEXTS = frozenset(("name", "status", "container_format", "disk_format", "id"))
_EXACT = frozenset(("owner", "checksum", "os_hash_algo", "os_hash_value"))
_NUMBERS = frozenset(("min_disk", "min_ram", "size", "virtual_size"))
_FLAGS = frozenset(("protected", "os_hidden"))
_TIMES = frozenset(("created_at", "updated_at"))
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": gt,
    "gte": ge,
    "lt": lt,
    "lte": le,
    "eq": eq,
    "neq": ne,
}
Test = Callable[[Image], bool]


class ImageLists(Lists):
    """Any property is a filter; comparisons stand before the value. Newest first."""

    general = ("limit", "marker", "sort", "sort_key", "sort_dir", "visibility", "member_status")
    sort_keys = (
        *("name", "status", "container_format", "disk_format"),
        *("size", "id", "created_at", "updated_at"),
    )
    ascending = False
    usual = 25

    def filtered(self, asked: Asked[Any]) -> list[Any]:
        call, found = asked.call, asked.found
        tests = [] if call.argument("os_hidden") is not None else [_equal_test("os_hidden", False)]
        for name, value in call.query:
            if name == "changes-since":
                raise invalid('The "changes-since" filter is no longer available on v2.')
            if name not in self.general:
                tests.append(_test(name, value))
        return [image for image in found if all(test(image) for test in tests)]

    def sorting(self, call: Call) -> list[tuple[str, str]]:
        names = [value for key, value in call.query if key == "sort_key"]
        directions = [value for key, value in call.query if key == "sort_dir"]
        keys = super().sorting(call)
        if call.argument("sort") is not None:
            if names or directions:
                raise invalid("Old and new sorting syntax cannot be combined")
        else:
            keys = _paired(names, directions)
        said = {name for name, _ in keys}
        newest = (("created_at", "desc"), ("id", "desc"))
        return [*keys, *(each for each in newest if each[0] not in said)]

    def bad_sort_key(self, key: str) -> Fault:
        allowed = ", ".join(self.sort_keys)
        return invalid(f"Invalid sort key: {key}. It must be one of the following: {allowed}.")

    def no_marker(self, noun: str, marker: str) -> Fault:
        return invalid(no_image(marker).message)

    def beside(
        self, asked: Asked[Any], found: list[Any], page: list[Any], *, more: bool
    ) -> dict[str, Any]:
        """The links to the first page and to the next one."""
        query = {name: value for name, value in asked.call.query if name != "marker"}
        told = {"first": _link(query), "schema": "/v2/schemas/images"}
        limit = self.number(asked.call, "limit")
        if page and len(page) == min(self.usual if limit is None else limit, self.most):
            told["next"] = _link({**query, "marker": page[-1].id})
        return told


def seen(images: Images, caller: Caller, query: dict[str, str]) -> Iterable[Image]:
    """What the caller's lists are made of. Raises Fault 400."""
    visibility = query.get("visibility")
    if visibility and visibility not in (*VISIBILITIES, "all"):
        raise invalid(f"Invalid visibility value: {visibility}")
    status = query.get("member_status", "accepted")
    if status not in (*MEMBER_STATUSES, "all"):
        raise invalid(f"Invalid status: {status}")
    statuses = MEMBER_STATUSES if status == "all" else (status,)
    memberships = images.members.find(member_id=caller.project_id)
    shared = {each.image_id for each in memberships if each.status in statuses}
    for image in images.images:
        if visibility not in (None, "all", image.visibility):
            continue
        if image.owner == caller.project_id or image.visibility == "public":
            yield image
        elif image.visibility == "community":
            if visibility in ("all", "community"):
                yield image
        elif caller.is_admin or (image.visibility == "shared" and image.id in shared):
            yield image


def _test(name: str, value: str) -> Test:
    if name == "tag":
        return lambda image: value in image.tags
    if name in ("size_min", "size_max"):
        return _size_test(name, value)
    if name in _TIMES:
        return _time_test(name, value)
    if name in _TEXTS:
        return _text_test(name, value)
    if name in _FLAGS:
        if value.lower() not in ("true", "false") or value.isupper():
            raise invalid(
                f"Invalid value '{value}' for '{name}' filter. Valid values are 'true' or 'false'."
            )
        return _equal_test(name, value.lower() == "true")
    if name in _NUMBERS:
        return lambda image: str(getattr(image, name)) == value
    if name in _EXACT:
        return _equal_test(name, value)
    return lambda image: image.properties.get(name) == value


def _equal_test(name: str, value: object) -> Test:
    return lambda image: getattr(image, name) == value


def _size_test(name: str, value: str) -> Test:
    try:
        bound = int(value)
    except ValueError:
        raise invalid("Unable to filter on a range with a non-numeric value.") from None
    if name == "size_min":
        return lambda image: image.size is not None and image.size >= bound
    return lambda image: image.size is not None and image.size <= bound


def _text_test(name: str, value: str) -> Test:
    operator, separator, operand = value.partition(":")
    if not separator:
        return _equal_test(name, value)
    if operator == "eq":
        return _equal_test(name, operand)
    if operator != "in":
        raise invalid(f"Unable to filter by unknown operator '{operator}'.")
    allowed = frozenset(next(csv.reader([operand]), []))
    return lambda image: getattr(image, name) in allowed


def _time_test(name: str, value: str) -> Test:
    bound = _seconds(value)
    if bound is not None:
        return lambda image: int(getattr(image, name)) == bound
    operator, _, operand = value.partition(":")
    bound = _seconds(operand or operator)
    if bound is None:
        raise invalid(f'Bad "{name}" query filter format. Use ISO 8601 DateTime notation.')
    if operator not in _COMPARISONS:
        raise invalid("Unable to filter on a unknown operator.")
    compare = _COMPARISONS[operator]
    return lambda image: compare(int(getattr(image, name)), bound)


def _seconds(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _link(query: dict[str, str]) -> str:
    return f"/v2/images?{urlencode(query)}" if query else "/v2/images"


def _paired(names: list[str], directions: list[str]) -> list[tuple[str, str]]:
    if not names:
        names = ["created_at"]
    if not directions:
        directions = ["desc"]
    if len(directions) == 1:
        directions *= len(names)
    if len(directions) != len(names):
        raise invalid("Number of sort dirs does not match the number of sort keys")
    return list(zip(names, directions, strict=True))
