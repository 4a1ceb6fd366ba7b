"""Templates as text: always the same for the same data, and reading it gives the data back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isotherm.template import load_template
from isotherm.template.limits import DEFAULT_LIMITS
from isotherm.template.printing import dump_json, dump_template, dump_yaml
from isotherm.template.reading.source import read_document


@pytest.mark.parametrize(
    "data",
    [
        {"b": 1, "a": [{"x": None, "y": True}, [], {}]},
        {"text": "one\ntwo\n"},
        {"text": "one \ntwo\n"},
        {"text": " one\ntwo"},
        {"text": "a\n\n b\t\n"},
        {"text": "\x85\u2028", "like": ["yes", "0777", "1.50", "2013-05-23", "null", "=", "<<"]},
        {"umlaut": "ü", "smiley": "😀"},
    ],
)
def test_reading_what_was_printed_gives_the_data_back(data: Any) -> None:
    assert read_document(dump_yaml(data), "t", DEFAULT_LIMITS, "template").data == data
    assert json.loads(dump_json(data)) == data


def test_texts_of_several_lines_are_blocks_and_keys_keep_their_order() -> None:
    data = {"b": "one\ntwo\n", "a": [{"c": "ü"}]}
    assert dump_yaml(data) == "b: |\n  one\n  two\na:\n  - c: ü\n"


def test_what_occurs_twice_is_written_twice() -> None:
    same = {"x": 1}
    assert dump_yaml({"a": same, "b": same}) == "a:\n  x: 1\nb:\n  x: 1\n"


def test_a_template_is_printed_as_it_was_written() -> None:
    text = "heat_template_version: '2021-04-16'\nresources:\n  r:\n    type: OS::Heat::None\n"
    assert dump_template(load_template(text)) == text
    assert dump_template(load_template(text).data) == text
