"""Expressions: a template's values, compiled once and evaluated many times.

The tree mirrors the document, so a node needs no path of its own: whoever walks
it builds the path, and an error collects it on its way up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol

from isotherm.core.diagnostics import Diagnostic
from isotherm.core.values import Secret, Unknown, Value
from isotherm.template.document import Path, Step


class EvaluationError(Exception):
    """An expression has no value; ``path`` leads from the evaluated root to the culprit.

    Where the culprit lies in another part of the document (a condition that is only
    named), ``root`` leads to that part.
    """

    def __init__(
        self,
        text: str,
        *,
        hint: str = "",
        error: str = "StackValidationFailed",
        at: Path = (),
        slip: bool = False,
    ) -> None:
        super().__init__(text)
        self.text, self.hint, self.error = text, hint, error
        self.slip = slip
        """For the check of a call: it has a value all the same."""
        self.path: Path = at
        self.root: Path | None = None

    def inside(self, *steps: Step) -> EvaluationError:
        if self.root is None:
            self.path = (*steps, *self.path)
        return self

    def within(self, root: Path) -> EvaluationError:
        """Settles the part of the document that the culprit lies in."""
        if self.root is None:
            self.root = root
        return self


class Scope(Protocol):
    """What resources look like to expressions; may answer with ``Unknown`` or ``Secret`` inside.

    ``attribute`` with an empty name asks for the map of all attributes; ``steps`` lead to
    what lies inside the attribute, null where there is no such thing. Neither method is
    called for a resource that the stack does not have.
    """

    def reference(self, resource: str) -> Value: ...

    def attribute(self, resource: str, name: str, steps: Sequence[Value] = ()) -> Value: ...


class Reference(NamedTuple):
    """That a resource is read: itself if ``attribute`` is None, all attributes if it is empty.

    ``key`` is the first step inside the attribute, where it is a written text.
    """

    resource: str
    attribute: str | None = None
    key: str = ""


class Surroundings(Protocol):
    """What expressions read apart from their arguments."""

    markers: int
    """Grows whenever a value that holds a marker is handed out."""

    scope: Scope

    def parameter(self, name: str) -> Value: ...

    def has_parameter(self, name: str) -> bool: ...

    def spend(self, effort: int) -> None:
        """Counts what functions do; raises ``EvaluationError`` when it is too much."""
        ...

    def condition(self, name: str) -> Value: ...

    def file(self, name: str) -> str: ...

    def mapping(self, name: str) -> Value: ...

    def facade(self, part: str) -> Value: ...

    def has_resource(self, name: str) -> bool: ...

    def switches_off(self, name: str) -> bool:
        """Whether the template has a resource that a condition takes out of the stack."""
        ...

    def availability_zones(self) -> Value: ...

    def export(self, name: str) -> Value: ...


class Compiler(Protocol):
    """Makes nodes of data that stands ``steps`` below the present place."""

    def compile(self, data: Any, *steps: Step) -> Node: ...

    def compile_condition(self, data: Any, *steps: Step) -> Node: ...


class Node:
    """One node of a compiled expression."""

    __slots__ = ()
    omits: ClassVar[bool] = False
    """Whether the value may be ``OMITTED``."""

    def evaluate(self, around: Surroundings) -> Value:
        raise NotImplementedError

    def parts(self) -> Iterator[tuple[Path, Node]]:
        """Nodes directly inside, each with its way from here."""
        return iter(())

    def active_parts(self, around: Surroundings) -> Iterable[tuple[Path, Node]]:
        """Those parts that evaluation would look at; plain data may be left out."""
        return self.parts()


class Literal(Node):
    """Data without any function in it; shared, so nobody may change it."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def evaluate(self, around: Surroundings) -> Value:
        return self.value


class Refused(Node):
    """A call that was found to be wrong: nobody knows its value.

    ``flaw`` says what is wrong where that only matters if the call is ever looked at.
    """

    __slots__ = ("flaw",)

    def __init__(self, flaw: Diagnostic | None = None) -> None:
        self.flaw = flaw

    def evaluate(self, around: Surroundings) -> Value:
        around.markers += 1
        return Unknown("a wrong call")


class MapNode(Node):
    __slots__ = ("gaps", "items")

    def __init__(self, items: Mapping[str, Node]) -> None:
        self.items = items
        self.gaps = any(node.omits for node in items.values())

    def evaluate(self, around: Surroundings) -> Value:
        key: Step = ""
        try:
            result = {}
            for key, node in self.items.items():
                result[key] = node.evaluate(around)
        except EvaluationError as error:
            raise error.inside(key) from None
        if self.gaps:
            return {key: each for key, each in result.items() if each is not OMITTED}
        return result

    def parts(self) -> Iterator[tuple[Path, Node]]:
        return (((key,), node) for key, node in self.items.items())

    def active_parts(self, around: Surroundings) -> Iterable[tuple[Path, Node]]:
        return [((k,), node) for k, node in self.items.items() if type(node) is not Literal]


class ListNode(Node):
    __slots__ = ("gaps", "items")

    def __init__(self, items: list[Node]) -> None:
        self.items = items
        self.gaps = any(node.omits for node in items)

    def evaluate(self, around: Surroundings) -> Value:
        result: list[Value] = []
        try:
            for node in self.items:
                result.append(node.evaluate(around))  # noqa: PERF401 (its length tells the culprit)
        except EvaluationError as error:
            raise error.inside(len(result)) from None
        return [each for each in result if each is not OMITTED] if self.gaps else result

    def parts(self) -> Iterator[tuple[Path, Node]]:
        return (((index,), node) for index, node in enumerate(self.items))

    def active_parts(self, around: Surroundings) -> Iterable[tuple[Path, Node]]:
        return [((i,), node) for i, node in enumerate(self.items) if type(node) is not Literal]


class Decision(Node):
    """A condition: a name, a boolean or a function; without any, it holds."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def evaluate(self, around: Surroundings) -> Value:
        """A boolean or ``Unknown``. Secrecy ends here: what exists is seen by everybody."""
        value = self.node.evaluate(around)
        if isinstance(value, Secret):
            value = value.reveal()
        if isinstance(value, str):
            return around.condition(value)
        if value is None:
            return True
        if isinstance(value, (bool, Unknown)):
            return value
        hint = "write the name of a condition, or true or false"
        raise EvaluationError(f'Invalid condition "{value}"', hint=hint)

    def parts(self) -> Iterator[tuple[Path, Node]]:
        yield (), self.node


class Function(Node):
    """A call ``{name: argument}``. Subclasses are the functions of the language.

    ``syntax`` shows the form of the argument, for messages and for the reference.
    """

    __slots__ = ("argument", "name")
    syntax: ClassVar[str] = ""

    def __init__(self, name: str, argument: Node) -> None:
        self.name, self.argument = name, argument

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        """The call for an argument as written; raises ``EvaluationError``."""
        return cls(name, compiler.compile(argument, name))

    def check(self) -> None:
        """Raises ``EvaluationError`` where the argument's form cannot be right."""

    def parts(self) -> Iterator[tuple[Path, Node]]:
        yield (self.name,), self.argument

    def active_parts(self, around: Surroundings) -> Iterable[tuple[Path, Node]]:
        return () if type(self.argument) is Literal else self.parts()

    def references(self, around: Surroundings) -> Iterator[Reference]:
        """Resources that this very call reads."""
        return iter(())

    def wrong_form(self) -> EvaluationError:
        return self.wrong_call(self.name)

    @classmethod
    def wrong_call(cls, name: str, but: str = "") -> EvaluationError:
        """What to raise where an argument has not the form that ``syntax`` shows."""
        return EvaluationError(f'wrong arguments to "{name}"', hint=f"write {cls.syntax}{but}")


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """All nodes of a tree with their paths, parents first."""
    stack: list[tuple[Path, Node]] = [(path, node)]
    while stack:
        at, current = stack.pop()
        yield at, current
        stack.extend((at + steps, part) for steps, part in current.parts())


def walk_active(node: Node, around: Surroundings, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Like ``walk``, without the branches that ``around`` rules out, and without plain data."""
    stack: list[tuple[Path, Node]] = [(path, node)]
    while stack:
        at, current = stack.pop()
        yield at, current
        for steps, part in current.active_parts(around):
            stack.append((at + steps, part))


OMITTED: Any = object()
"""What a conditional without an else branch gives: its place in a list or map vanishes."""
