"""What the records that cross the ports tell of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.ports.records import Source

DATA = {"resources": {"a": {"type": "OS::Heat::None"}}}


@pytest.mark.parametrize("template", ["resources: {a: {type: OS::Heat::None}}", DATA])
def test_words_of_a_source_are_found_in_template_and_files(template: Any) -> None:
    source = Source(template=template, environment={}, files={"b.yaml": "type: OS::Heat::Value"})
    text, file = source.texts
    assert text == source.text
    assert "OS::Heat::None" in text
    assert "OS::Heat::Value" in file
