"""Fn::Base64, Fn::MemberListToMap: forms that AWS interfaces ask for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, aws_value_of, value_of

X = {"Ref": "x"}
MEMBERS = [".member.0.N=a", ".member.0.V=1", ".member.1.N=b", ".member.1.V=x=y"]


def test_text_stays_as_it_is_for_who_encodes_it_himself() -> None:
    assert aws_value_of({"Fn::Base64": "hello"}) == "hello"
    assert value_of({"Fn::Base64": "hello"}, version="2013-05-23") == "hello"
    assert "write Fn::Base64: TEXT" in aws_refusal({"Fn::Base64": ["hello"]})


@pytest.mark.parametrize(
    ("members", "value"),
    [
        (MEMBERS, {"a": "1", "b": "x=y"}),
        ([], {}),
        ([*MEMBERS, ".member.2.N=c", "other=thing"], {"a": "1", "b": "x=y"}),
        ([".member.0.V=1"], {}),
        ([".member.00.N=a", ".member.0.V=1"], {"a": "1"}),
    ],
)
def test_members_become_a_map(members: Any, value: Any) -> None:
    assert aws_value_of({"Fn::MemberListToMap": ["N", "V", members]}) == value
    given = {"x": ["N", "V", members]}
    assert aws_value_of({"Fn::MemberListToMap": X}, given=given) == value


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (["N", "V", ["nothing"]], "'nothing' is not NAME=VALUE"),
        (["N", "V", [5]], "5 is not NAME=VALUE"),
        (["N", "V", "text"], "write Fn::MemberListToMap: [KEY-NAME, VALUE-NAME, LIST]"),
        (["N", 5, []], "write Fn::MemberListToMap: [KEY-NAME, VALUE-NAME, LIST]"),
        (["N", "V"], "write Fn::MemberListToMap: [KEY-NAME, VALUE-NAME, LIST]"),
        ("N", "write Fn::MemberListToMap: [KEY-NAME, VALUE-NAME, LIST]"),
    ],
)
def test_what_is_no_list_of_members_is_refused(argument: Any, words: str) -> None:
    assert words in aws_refusal({"Fn::MemberListToMap": argument})
    assert words in aws_refusal({"Fn::MemberListToMap": X}, given={"x": argument})


@pytest.mark.parametrize("argument", [[X], {"a": X}])
def test_a_wrong_form_is_seen_before_anything_is_known(argument: Any) -> None:
    found = aws_refusal({"Fn::MemberListToMap": argument}, given={"x": 1})
    assert "write Fn::MemberListToMap: [KEY-NAME, VALUE-NAME, LIST]" in found
