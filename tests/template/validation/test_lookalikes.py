"""Where a value is wrong because a call was meant, it is said which, and once."""

from __future__ import annotations

import pytest
from tests.template.support import Types

from isotherm.core.diagnostics import Severity
from isotherm.template import lint


@pytest.mark.parametrize(
    ("version", "value", "hint"),
    [
        (
            "2013-05-23",
            "{str_split: [',', 'a,b', 0]}",
            "str_split is plain data here; version 2015-10-15 is the first to have it",
        ),
        (
            "2013-05-23",
            "{if: [large, x, y]}",
            "if is plain data here; version 2016-10-14 is the first to have it",
        ),
        (
            "2021-04-16",
            "{getparam: name}",
            "getparam is plain data here; did you mean 'get_param'?",
        ),
        ("2021-04-16", "{color: red}", ""),
        ("2021-04-16", "{getparam: name, and: more}", ""),
    ],
)
def test_a_map_that_was_meant_to_be_a_call(version: str, value: str, hint: str) -> None:
    text = f"""heat_template_version: {version}
resources:
  web: {{type: OS::Nova::Server, properties: {{flavor: {value}}}}}
"""
    found = lint(text, Types())
    (error,) = found.errors
    assert error.text == "Value must be a string, not a map"
    assert error.hint.startswith(hint) if hint else not error.hint
    told = [each.name for each in found if each.severity is Severity.WARNING]
    assert "misplaced-call" not in told


def test_a_call_inside_of_data_is_still_warned_of() -> None:
    text = """heat_template_version: 2021-04-16
resources:
  web: {type: OS::Nova::Server, properties: {flavor: x, metadata: {a: {getparam: name}}}}
"""
    assert [each.name for each in lint(text, Types())] == ["misplaced-call"]
