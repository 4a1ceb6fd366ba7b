"""Where there are no stacks below."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from isotherm.core.schema import Blueprint
from isotherm.kit.nested_stacks import NoNestedStacks

NONE = NoNestedStacks()
BLUEPRINT = Blueprint("heat_template_version: 2021-04-16", {})


@pytest.mark.parametrize(
    "ask",
    [
        lambda: NONE.create("web", "id", "name", BLUEPRINT),
        lambda: NONE.update("web", "id", BLUEPRINT),
        lambda: NONE.check("web"),
        lambda: NONE.suspend("web"),
        lambda: NONE.resume("web"),
        lambda: NONE.snapshot("web"),
        lambda: NONE.delete("web"),
        lambda: NONE.tidy("web"),
        lambda: NONE.read("id", "web", None),
    ],
)
def test_nothing_can_be_asked_of_them(ask: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    with pytest.raises(LookupError, match="web"):
        asyncio.run(ask())


def test_only_parameters_are_handed_down() -> None:
    handed = NONE.hand_down("web", Blueprint("t", {"a": 1}))
    assert (handed.environment, handed.files) == ({"parameters": {"a": 1}}, {})
    assert NONE.file("kid.yaml") is None


def test_none_is_shown() -> None:
    assert asyncio.run(NONE.show("id")) is None
    assert asyncio.run(NONE.blueprint("id")) is None
    assert asyncio.run(NONE.untidy()) == frozenset()
    asyncio.run(NONE.stop())
    NONE.require_going_on()
    assert asyncio.run(NONE.resources("id")) == {}
