"""get_file: the content of a file that came with the template."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import definition, output

from isotherm.core.diagnostics import InvalidDocument


def content(argument: Any) -> Any:
    source = {
        "heat_template_version": "2021-04-16",
        "parameters": {"p": {"type": "string", "default": "a.sh"}},
        "outputs": {"o": {"value": {"get_file": argument}}},
    }
    return output(definition(source, files={"a.sh": "echo a"}))


def test_a_file_is_text_by_its_name() -> None:
    assert content("a.sh") == "echo a"
    assert content({"get_param": "p"}) == "echo a"


@pytest.mark.parametrize(
    ("argument", "words"),
    [(["a.sh"], "write get_file: PATH-OR-URL"), ("b.sh", "b.sh")],
)
def test_what_did_not_come_with_the_template_is_refused(argument: Any, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        content(argument)
