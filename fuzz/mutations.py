"""Small changes to good documents: most of what comes out still means something."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

_ODD: tuple[Any, ...] = (
    *(7, -1, 0, 10**30, 2**64, 1.5, float("inf"), float("nan"), True, False, None),
    *("", "x", "\x00", "ß€", "a" * 5000, "/dev/zero", "../..", "%s", "${x}", "$.data", "null"),
    *("OS::Heat::None", "a.yaml", "https://example.org/a.yaml", "yes", "1e400", "get_param"),
    *([], {}, [[]], [None], {"": ""}, {"a": None}, {"get_param": "p"}, {"get_attr": ["a", "b"]}),
    *({"get_resource": 7}, {"if": ["c", 1, 2]}, {"str_replace": 7}, {"repeat": {}}, {"Ref": []}),
    *({"get_file": "/dev/zero"}, {"get_file": "a" * 5000}, {"Fn::Sub": "${"}, {"yaql": {}}),
)
_MOST_CHANGES = 4

Place = tuple[Any, Any]
"""A list or map, and the index or key of one of its items."""


def mutated(start: Any, random: Random) -> Any:
    """A copy of a document with a few changes at random places."""
    document = copy.deepcopy(start)
    for _ in range(random.randint(1, _MOST_CHANGES)):
        if not isinstance(document, (dict, list)) or not document:
            return random.choice(_ODD)
        places = list(_places(document))
        random.choice(_CHANGES)(places, random)
    return document


def mutated_text(text: str, random: Random) -> str:
    """A text with a few characters or lines changed."""
    for _ in range(random.randint(1, _MOST_CHANGES)):
        at = random.randrange(len(text) + 1)
        until = at + random.choice((0, 1, 1, 10, 100))
        piece = random.choice(("", ":", "-", "{", "[", "\t", "&a ", "*a", "!!set ", "\u00a0", "7"))
        text = text[:at] + piece + text[until:]
    return text


def _places(document: Any) -> Iterator[Place]:
    """All places, those near the top first."""
    waiting = deque([document])
    while waiting:
        data = waiting.popleft()
        items = data.items() if isinstance(data, dict) else enumerate(data)
        for step, each in items:
            yield data, step
            if isinstance(each, (dict, list)):
                waiting.append(each)


def _one_of(places: list[Place], random: Random) -> Place:
    """Sections are few and values many, yet each deserves its slips."""
    return places[int(len(places) * random.random() ** 3)]


def _replace(places: list[Place], random: Random) -> None:
    above, step = _one_of(places, random)
    above[step] = copy.deepcopy(random.choice(_ODD))


def _remove(places: list[Place], random: Random) -> None:
    above, step = _one_of(places, random)
    del above[step]


def _rename(places: list[Place], random: Random) -> None:
    """A key becomes another one, with a slip in it or altogether."""
    above, step = _one_of(places, random)
    if isinstance(above, dict):
        other = random.choice((f"{step}x", str(step)[1:], 7, True, "", "type", "\u00a0"))
        above[other] = above.pop(step)


def _copy(places: list[Place], random: Random) -> None:
    """What stands at one place stands at another, too."""
    above, step = _one_of(places, random)
    source, other = random.choice(places)
    above[step] = copy.deepcopy(source[other])


def _wrap(places: list[Place], random: Random) -> None:
    above, step = _one_of(places, random)
    name = random.choice(("list_join", "str_split", "if", "Fn::Select", "resources", "get_attr"))
    above[step] = random.choice(([above[step]], {name: above[step]}, {name: [above[step]]}))


def _scratch(places: list[Place], random: Random) -> None:
    """A text gets a slip."""
    above, step = _one_of(places, random)
    if isinstance(above[step], str):
        above[step] = mutated_text(above[step], random)


_CHANGES: tuple[Callable[[list[Place], Random], None], ...] = (
    *(_replace, _replace, _remove, _rename, _copy, _wrap, _scratch),
)
