"""Fn::Sub, Fn::ImportValue, Fn::Cidr and others: what AWS users write beyond the reference."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from isotherm.core.values import Value
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
from isotherm.template.functions.attributes import FnGetAtt
from isotherm.template.functions.calls import Computed, Lookup, json_text
from isotherm.template.functions.references import Ref
from isotherm.template.functions.registry import AWS, cfn, function

_VARIABLE = re.compile(r"\$\{(!?)([^${}]+)\}")
_MOST_SUBNETS = 256


@function("Fn::Sub", cfn(AWS), extension=True)
class FnSub(Computed):
    """A text with ``${Parameter}``, ``${Resource}`` and ``${Resource.Attribute}`` filled in."""

    __slots__ = ()
    syntax = "Fn::Sub: TEXT or Fn::Sub: [TEXT, {NAME: VALUE, …}]"

    @classmethod
    def build(cls, name: str, argument: Any, compiler: Compiler) -> Function:
        variables: dict[str, Any] = {}
        text = argument
        if isinstance(argument, list) and len(argument) == 2:
            text, variables = argument
        if not isinstance(text, str) or not isinstance(variables, dict):
            raise cls.wrong_call(name)
        given = {key: compiler.compile(each, name, 1, key) for key, each in variables.items()}
        place: Path = (0,) if isinstance(argument, list) else ()
        return cls(name, _Pieces(_pieces(text, place, given)))

    def apply(self, argument: Value) -> Value:
        return "".join(_text(piece) for piece in argument)


class _Pieces(ListNode):
    """What a text is put together of, each piece with the place where it is written."""

    __slots__ = ("places",)

    def __init__(self, pieces: Iterable[tuple[Path, Node]]) -> None:
        self.places, items = zip(*pieces, strict=True)
        super().__init__(list(items))

    def evaluate(self, around: Surroundings) -> Value:
        values = []
        for place, node in self.parts():
            try:
                values.append(node.evaluate(around))
            except EvaluationError as error:
                raise error.inside(*place) from None
        return [each for each in values if each is not OMITTED]

    def parts(self) -> Iterator[tuple[Path, Node]]:
        return zip(self.places, self.items, strict=True)

    def active_parts(self, around: Surroundings) -> Iterable[tuple[Path, Node]]:
        return self.parts()


def _pieces(text: str, place: Path, given: Mapping[str, Node]) -> Iterator[tuple[Path, Node]]:
    end = 0
    for match in _VARIABLE.finditer(text):
        yield place, Literal(text[end : match.start()])
        end = match.end()
        literal, name = match[1], match[2].strip()
        if literal:
            yield place, Literal(f"${{{match[2]}}}")
        elif name in given:
            yield (1, name), given[name]
        elif "." in name:
            yield place, FnGetAtt("Fn::GetAtt", Literal(name.split(".", 1)))
        else:
            yield place, Ref("Ref", Literal(name))
    yield place, Literal(text[end:])


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    raise EvaluationError("only texts and numbers can be put into a text")


@function("Fn::ImportValue", cfn(AWS), extension=True)
class FnImportValue(Lookup):
    """A value that another stack of the project exports."""

    __slots__ = ()
    syntax = "Fn::ImportValue: EXPORT"

    def check(self) -> None:
        if isinstance(self.argument, Literal) and not isinstance(self.argument.value, str):
            raise self.wrong_form()

    def read(self, around: Surroundings, argument: Value) -> Value:
        if not isinstance(argument, str):
            raise self.wrong_form()
        return around.export(argument)


@function("Fn::Length", cfn(AWS), extension=True)
class FnLength(Computed):
    """The number of items of a list."""

    __slots__ = ()
    syntax = "Fn::Length: LIST"

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list):
            raise self.wrong_form()
        return len(argument)


@function("Fn::ToJsonString", cfn(AWS), extension=True)
class FnToJsonString(Computed):
    """A map or list as JSON text."""

    __slots__ = ()
    syntax = "Fn::ToJsonString: MAP-OR-LIST"

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, (dict, list)):
            raise self.wrong_form()
        return json_text(argument, separators=(",", ":"))


def _subnets(network: _Network, bits: int, count: int) -> list[str]:
    """The first subnets with so many host bits; fewer where the network has fewer."""
    prefix = network.max_prefixlen - bits
    if not network.prefixlen <= prefix <= network.max_prefixlen:
        raise ValueError(f"{network} cannot be divided by {bits} host bits")
    first, address = int(network.network_address), type(network.network_address)
    count = min(count, 2 ** (prefix - network.prefixlen))
    return [f"{address(first + (index << bits))}/{prefix}" for index in range(count)]


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@function("Fn::Cidr", cfn(AWS), extension=True)
class FnCidr(Computed):
    """The first subnets of a network, each with so many host bits."""

    __slots__ = ()
    syntax = "Fn::Cidr: [NETWORK, COUNT, HOST-BITS]"

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or not 2 <= len(argument) <= 3:
            raise self.wrong_form()
        try:
            network = ipaddress.ip_network(argument[0], strict=False)
            count = int(argument[1])
            bits = int(argument[2]) if len(argument) == 3 else 8
            found = _subnets(network, bits, min(count, _MOST_SUBNETS + 1))
        except (TypeError, ValueError, OverflowError) as error:
            raise EvaluationError(f"no such subnets: {error}") from None
        if not 1 <= count <= _MOST_SUBNETS or len(found) < count:
            raise EvaluationError(f"{network} does not have {count} subnets of {bits} host bits")
        return found
