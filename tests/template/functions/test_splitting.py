"""str_split, Fn::Split: a text cut at a delimiter."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import aws_refusal, aws_value_of, refusal, value_of

X = {"get_param": "x"}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ([",", "a,b,c"], ["a", "b", "c"]),
        ([",", "a,b,c", 1], "b"),
        ([",", "a,b,c", "2"], "c"),
        ([",", "a,b,c", -3], "a"),
        ([None, "a b"], ["a", "b"]),
        ([",", ""], [""]),
        ([",", None], None),
    ],
)
def test_str_split(argument: Any, value: Any) -> None:
    assert value_of({"str_split": argument}) == value
    assert value_of({"str_split": X}, given={"x": argument}) == value


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ([",", "a,b", 2], "index 2 is not between 0 and 1"),
        ([",", "a,b", -3], "index -3 is not between 0 and 1"),
        ([",", "a,b", "x"], "write str_split: [DELIMITER, TEXT]"),
        (["", "a"], 'the delimiter of "str_split" is empty'),
        ([",", ["a"]], "write str_split: [DELIMITER, TEXT]"),
        ([5, "a"], "write str_split: [DELIMITER, TEXT]"),
        ([","], "write str_split: [DELIMITER, TEXT]"),
        ("a,b", "write str_split: [DELIMITER, TEXT]"),
    ],
)
def test_what_cannot_be_split_is_refused(argument: Any, words: str) -> None:
    assert words in refusal({"str_split": argument})
    assert words in refusal({"str_split": X}, given={"x": argument})


def test_fn_split() -> None:
    assert aws_value_of({"Fn::Split": [",", "a,b"]}) == ["a", "b"]
    for wrong in ([",", "a,b", 1], ["", "a"], [5, "a"], [",", 5], [","], "a", None, {"a": X}, [X]):
        assert "write Fn::Split: [DELIMITER, TEXT]" in aws_refusal({"Fn::Split": wrong})
