"""What was read before is not read again, as long as it is not too much."""

from __future__ import annotations

import math
from typing import Any

import pytest

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import Limits, Template, load_template, parse_template
from isotherm.template.limits import DEFAULT_LIMITS
from isotherm.template.reading.cache import DocumentCache, Read, key_of

HEAD = "heat_template_version: 2021-04-16\n"


def template(text: str) -> Template:
    return load_template(HEAD + text)


def test_text_and_data_are_known_by_their_content() -> None:
    assert template("# a") is template("# a")
    assert template("# a") is not template("# b")
    data = {"heat_template_version": "2021-04-16", "description": "cached"}
    assert load_template(data) is load_template(dict(data))
    assert load_template(data).data == data


def test_what_was_read_for_one_purpose_serves_another() -> None:
    read, _ = parse_template(f"{HEAD}# both")
    assert template("# both") is read


def test_warnings_come_again() -> None:
    source = "AWSTemplateFormatVersion: '2010-09-09'\nResources: {r: {Type: T, Foo: 1}}"
    first, second = (list(parse_template(source)[1]) for _ in range(2))
    assert first == second
    assert [each.name for each in first] == ["unknown-key"]


def test_narrower_limits_hold_for_what_was_read_before() -> None:
    template("# limited")
    with pytest.raises(InvalidDocument, match="exceeds the maximum size"):
        load_template(f"{HEAD}# limited", limits=Limits(size=10))


def test_the_oldest_go_first() -> None:
    cache = DocumentCache[Template](documents=2, size=25)
    read = Read(template(""), (), DEFAULT_LIMITS)
    first, second, third = (key_of(name * 10, "file") for name in "abc")
    cache.put(first, read)
    cache.put(second, read)
    assert cache.get(first, DEFAULT_LIMITS) is read
    cache.put(third, read)
    assert cache.get(second, DEFAULT_LIMITS) is None
    assert cache.get(first, DEFAULT_LIMITS) is read
    huge = key_of("d" * 26, "file")
    cache.put(huge, read)
    assert cache.get(huge, DEFAULT_LIMITS) is None


def test_what_differs_is_not_taken_for_the_same() -> None:
    endless = (math.inf, -math.inf, math.nan)
    parts: tuple[Any, ...] = (None, *endless, 0, 0.0, "0", False, [], {}, {0: ""}, {"0": ""})
    keys = {key_of({"description": part}, "file") for part in parts}
    assert len(keys) == len(parts)


@pytest.mark.parametrize("part", [object(), "\ud800", 2**70])
def test_data_that_has_no_form_is_not_kept(part: object) -> None:
    source = {"heat_template_version": "2021-04-16", "description": part}
    assert key_of(source, "file") is None
    DocumentCache[Template]().put(None, Read(template(""), (), DEFAULT_LIMITS))
    assert DocumentCache[Template]().get(None, DEFAULT_LIMITS) is None
