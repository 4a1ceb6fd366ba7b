"""Fn::Base64, Fn::MemberListToMap: forms that AWS interfaces ask for."""

from __future__ import annotations

import re

from isotherm.core.values import Value
from isotherm.template.expressions import EvaluationError, ListNode, Literal, MapNode
from isotherm.template.functions.calls import Computed
from isotherm.template.functions.registry import cfn, function, hot

_MEMBER = re.compile(r"\.member\.([0-9]{1,9})\.(.*)", re.DOTALL)


@function("Fn::Base64", cfn(), hot(before="2014-10-16"))
class FnBase64(Computed):
    """The text as it is: what needs the encoding does it itself."""

    __slots__ = ()
    syntax = "Fn::Base64: TEXT"

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, str):
            raise self.wrong_form()
        return argument


@function("Fn::MemberListToMap", cfn(), hot(before="2014-10-16"))
class FnMemberListToMap(Computed):
    """A map from ``['.member.0.Name=k', '.member.0.Value=v']``."""

    __slots__ = ()
    syntax = "Fn::MemberListToMap: [KEY-NAME, VALUE-NAME, LIST]"

    def check(self) -> None:
        argument = self.argument
        items = argument.items if isinstance(argument, ListNode) else None
        if isinstance(argument, Literal):
            items = argument.value if isinstance(argument.value, list) else []
        if isinstance(argument, MapNode) or (items is not None and len(items) != 3):
            raise self.wrong_form()
        if isinstance(argument, Literal) and argument.value[2] == {}:
            raise EvaluationError("a map is no list of members", at=(2,), slip=True)

    def apply(self, argument: Value) -> Value:
        if not isinstance(argument, list) or len(argument) != 3:
            raise self.wrong_form()
        key_name, value_name, members = argument
        if not isinstance(key_name, str) or not isinstance(value_name, str):
            raise self.wrong_form()
        if members == {}:
            return {}
        if not isinstance(members, list):
            raise self.wrong_form()
        found: dict[int, dict[str, str]] = {}
        for index, member in enumerate(members):
            name, equals, value = member.partition("=") if isinstance(member, str) else ("", "", "")
            if not equals:
                raise EvaluationError(f"{member!r} is not NAME=VALUE", at=(2, index))
            if match := _MEMBER.fullmatch(name):
                found.setdefault(int(match[1]), {})[match[2]] = value
        return {
            each[key_name]: each[value_name]
            for each in found.values()
            if key_name in each and value_name in each
        }
