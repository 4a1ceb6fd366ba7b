"""if, equals, not, and, or: decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from isotherm.core.values import Unknown, Value
from isotherm.template.document import Path
from isotherm.template.expressions import (
    OMITTED,
    Compiler,
    EvaluationError,
    Function,
    ListNode,
    Literal,
    Node,
    Surroundings,
)
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import AWS, cfn, condition_function, function, hot

_CONDITIONS = hot("2016-10-14")


class Choice(Function):
    """Only the chosen branch is looked at; an unknown condition makes an unknown value."""

    __slots__ = ("condition", "otherwise", "then")
    branches: ClassVar[tuple[int, ...]] = (2,)

    def __init__(self, name: str, condition: Node, then: Node, otherwise: Node) -> None:
        super().__init__(name, Literal(None))
        self.condition, self.then, self.otherwise = condition, then, otherwise

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        if not isinstance(argument, list) or len(argument) - 1 not in cls.branches:
            raise cls.wrong_call(name)
        condition, then, *otherwise = argument
        return cls(
            name,
            compiler.compile_condition(condition, name, 0),
            compiler.compile(then, name, 1),
            compiler.compile(otherwise[0], name, 2) if otherwise else Literal(OMITTED),
        )

    def evaluate(self, around: Surroundings) -> Value:
        index = 0
        try:
            decision = self.condition.evaluate(around)
            if isinstance(decision, Unknown):
                around.markers += 1
                return Unknown()  # perhaps nothing, so it comes after nothing in particular
            index = 1 if decision else 2
            return (self.then if decision else self.otherwise).evaluate(around)
        except EvaluationError as error:
            raise error.inside(index).inside(self.name) from None

    def parts(self) -> Iterator[tuple[Path, Node]]:
        for index, node in enumerate((self.condition, self.then, self.otherwise)):
            yield (self.name, index), node

    def active_parts(self, around: Surroundings) -> Iterable[tuple[Path, Node]]:
        try:
            decision = self.condition.evaluate(around)
        except EvaluationError:
            decision = Unknown()
        for (name, index), node in self.parts():
            if isinstance(decision, Unknown) or index == 0 or (index == 1) == bool(decision):
                yield (name, index), node


@function("if", hot("2016-10-14", before="2021-04-16"))
class If(Choice):
    """One of two values, by a condition."""

    __slots__ = ()
    syntax = "if: [CONDITION, THEN, ELSE]"


@function("if", hot("2021-04-16"))
class IfOmitting(Choice):
    """One of two values, by a condition; without the second, the place vanishes."""

    __slots__ = ()
    syntax = "if: [CONDITION, THEN] or if: [CONDITION, THEN, ELSE]"
    branches = (1, 2)
    omits = True


@function("Fn::If", cfn(AWS))
class FnIf(Choice):
    """One of two values, by a condition."""

    __slots__ = ()
    syntax = "Fn::If: [CONDITION, THEN, ELSE]"
    omits = True


class _Equals(Computed):
    __slots__ = ()

    def check(self) -> None:
        argument = self.argument
        items = argument.items if isinstance(argument, ListNode) else None
        if isinstance(argument, Literal):
            items = argument.value if isinstance(argument.value, list) else []
        if items is not None and len(items) != 2:
            raise self.wrong_form()

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or len(argument) != 2:
            raise self.wrong_form()
        return bool(argument[0] == argument[1])


@condition_function("equals", _CONDITIONS)
class Equals(_Equals):
    """Whether two values are the same."""

    __slots__ = ()
    syntax = "equals: [VALUE, VALUE]"


@condition_function("Fn::Equals", cfn(AWS))
class FnEquals(_Equals):
    """Whether two values are the same."""

    __slots__ = ()
    syntax = "Fn::Equals: [VALUE, VALUE]"


class _Connective(Function):
    """A function of conditions, which it looks at one after the other and only as needed."""

    __slots__ = ("conditions",)
    decisive: ClassVar[bool]
    """The value of one condition that settles the whole."""

    def __init__(self, name: str, conditions: list[Node]) -> None:
        super().__init__(name, Literal(None))
        self.conditions = conditions

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        if not isinstance(argument, list) or len(argument) < 2:
            raise cls.wrong_call(name, ", with two conditions at least")
        return cls(
            name,
            [compiler.compile_condition(each, name, i) for i, each in enumerate(argument)],
        )

    def parts(self) -> Iterator[tuple[Path, Node]]:
        for index, node in enumerate(self.conditions):
            yield (self.name, index), node

    def evaluate(self, around: Surroundings) -> Value:
        """``decisive`` if any condition has that value, unknown if one may have, else the other."""
        unknown: Unknown | None = None
        for index, node in enumerate(self.conditions):
            try:
                value = node.evaluate(around)
            except EvaluationError as error:
                raise error.inside(index).inside(self.name) from None
            if isinstance(value, Unknown):
                unknown = unknown or value
            elif value is self.decisive:
                return value
        return unknown if unknown is not None else not self.decisive


@condition_function("and", _CONDITIONS)
class And(_Connective):
    """Whether all conditions hold."""

    __slots__ = ()
    syntax = "and: [CONDITION, CONDITION, …]"
    decisive = False


@condition_function("or", _CONDITIONS)
class Or(_Connective):
    """Whether any condition holds."""

    __slots__ = ()
    syntax = "or: [CONDITION, CONDITION, …]"
    decisive = True


@condition_function("Fn::And", cfn(AWS))
class FnAnd(_Connective):
    """Whether all conditions hold."""

    __slots__ = ()
    syntax = "Fn::And: [CONDITION, CONDITION, …]"
    decisive = False


@condition_function("Fn::Or", cfn(AWS))
class FnOr(_Connective):
    """Whether any condition holds."""

    __slots__ = ()
    syntax = "Fn::Or: [CONDITION, CONDITION, …]"
    decisive = True


class _Not(Function):
    __slots__ = ("condition", "steps")

    def __init__(self, name: str, condition: Node, steps: Path) -> None:
        super().__init__(name, Literal(None))
        self.condition, self.steps = condition, steps

    def evaluate(self, around: Surroundings) -> Value:
        try:
            value = self.condition.evaluate(around)
        except EvaluationError as error:
            raise error.inside(*self.steps) from None
        return value if isinstance(value, Unknown) else not value

    def parts(self) -> Iterator[tuple[Path, Node]]:
        yield self.steps, self.condition


@condition_function("not", _CONDITIONS)
class Not(_Not):
    """Whether a condition does not hold."""

    __slots__ = ()
    syntax = "not: CONDITION"

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        if isinstance(argument, list) and len(argument) == 1:
            return cls(name, compiler.compile_condition(argument[0], name, 0), (name, 0))
        return cls(name, compiler.compile_condition(argument, name), (name,))


@condition_function("Fn::Not", cfn(AWS))
class FnNot(_Not):
    """Whether a condition does not hold."""

    __slots__ = ()
    syntax = "Fn::Not: [CONDITION]"

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        if not isinstance(argument, list) or len(argument) != 1:
            raise cls.wrong_call(name)
        return cls(name, compiler.compile_condition(argument[0], name, 0), (name, 0))


@condition_function("Condition", cfn(AWS), extension=True)
class ConditionReference(Computed):
    """``{Condition: NAME}``, as AWS writes a condition inside another."""

    __slots__ = ()
    syntax = "Condition: NAME"

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, str):
            raise self.wrong_form()
        # The decision that surrounds every condition looks the name up.
        return argument
