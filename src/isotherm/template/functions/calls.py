"""How calls get their values: what holds for all functions.

Markers are handled here and nowhere else. A function that computes from its
whole argument sees neither ``Unknown`` nor ``Secret``: an unknown argument makes
the result unknown, a secret one makes it secret. Nor does any function have to
look at how much it is asked to do and to give.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from isotherm.core.values import Secret, Value, first_unknown, holds_secret, reveal
from isotherm.template.document import Path
from isotherm.template.expressions import (
    OMITTED,
    Compiler,
    EvaluationError,
    Function,
    ListNode,
    MapNode,
    Node,
    Surroundings,
)
from isotherm.template.limits import MAX_ITEMS, MAX_TEXT, weight

_ITEM = 32
"""What an item of a list or map costs, counted in characters of text."""


class _NullForGap(Node):
    """A part whose place does not vanish: null stands where a conditional gives nothing."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def evaluate(self, around: Surroundings) -> Value:
        value = self.node.evaluate(around)
        return None if value is OMITTED else value

    def parts(self) -> Iterator[tuple[Path, Node]]:
        yield (), self.node


class Computed(Function):
    """A function whose value depends on its evaluated argument alone.

    With ``fixed_places``, a part of the argument that a conditional leaves out is null.
    """

    __slots__ = ()
    fixed_places: ClassVar[bool] = False

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        node = compiler.compile(argument, name)
        if cls.fixed_places and isinstance(node, ListNode) and node.gaps:
            node = ListNode([_NullForGap(each) if each.omits else each for each in node.items])
        elif cls.fixed_places and isinstance(node, MapNode) and node.gaps:
            items = node.items.items()
            node = MapNode({key: _NullForGap(each) if each.omits else each for key, each in items})
        return cls(name, node)

    def evaluate(self, around: Surroundings) -> Value:
        before = around.markers
        try:
            argument = self.argument.evaluate(around)
            if argument is OMITTED:
                argument = None
            around.spend(effort(argument))
            if around.markers == before:
                value = bounded(self.apply(argument))
                around.spend(effort(value))
                return value
            return apply_to_marked(self.apply, argument)
        except EvaluationError as error:
            raise error.inside(self.name) from None

    def apply(self, argument: Value) -> Value:
        """The value for an argument free of markers; raises ``EvaluationError``."""
        raise NotImplementedError


class Lookup(Function):
    """A function that reads its surroundings as its evaluated argument says."""

    __slots__ = ()

    def evaluate(self, around: Surroundings) -> Value:
        before = around.markers
        try:
            argument = self.argument.evaluate(around)
            if around.markers == before:
                return self.read(around, argument)
            return apply_to_marked(lambda opened: self.read(around, opened), argument)
        except EvaluationError as error:
            raise error.inside(self.name) from None

    def read(self, around: Surroundings, argument: Value) -> Value:
        """What the argument, free of markers, names; raises ``EvaluationError``."""
        raise NotImplementedError


def apply_to_marked(apply: Callable[[Value], Value], argument: Value) -> Value:
    """``apply`` on an argument that may hold markers: unknown stays unknown, secret secret."""
    if (unknown := first_unknown(argument)) is not None:
        return unknown
    if not holds_secret(argument):
        return bounded(apply(argument))
    try:
        return Secret(bounded(apply(reveal(argument))))
    except EvaluationError as error:
        raise EvaluationError("the (hidden) argument does not fit", error=error.error) from None


def bounded(value: Value) -> Value:
    """``value``, unless a function made it absurdly big."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise too_long()
    if isinstance(value, list) and len(value) > MAX_ITEMS:
        raise EvaluationError(f"the list is longer than {MAX_ITEMS} items")
    return value


def effort(value: Value) -> int:
    """What a function has to do with a value, counted in characters of text."""
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, (list, dict)):
        return 0
    items = value.values() if isinstance(value, dict) else value
    return _ITEM * (1 + len(value)) + sum(len(each) for each in items if isinstance(each, str))


def too_long() -> EvaluationError:
    return EvaluationError(f"the text is longer than {MAX_TEXT} characters")


def json_text(value: Value, **options: Any) -> str:
    """``value`` as JSON; raises ``EvaluationError`` where that would be absurdly big."""
    if weight(value) > MAX_TEXT:
        raise too_long()
    return json.dumps(value, **options)
