"""Documents: what is read, and how bad ones are refused."""

from __future__ import annotations

import math
from datetime import date

import pytest

from isotherm.core.diagnostics import InvalidDocument, Position, Severity
from isotherm.core.values import Secret
from isotherm.template import Limits, load_template, parse_template
from isotherm.template.document import Document
from isotherm.template.limits import DEFAULT_LIMITS
from isotherm.template.reading.decoding import looks_like_template
from isotherm.template.reading.source import read_document

HEAD = "heat_template_version: 2021-04-16\n"


def read(source: str | bytes, limits: Limits = DEFAULT_LIMITS) -> Document:
    return read_document(source, "t.yaml", limits, "template")


def refused(source: str | bytes, limits: Limits = DEFAULT_LIMITS) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        read(source, limits)
    return [str(each) for each in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("a: 2013-05-23", {"a": "2013-05-23"}),
        ("a: 0777", {"a": 511}),
        ("a: 12:30", {"a": 750}),
        ("a: yes", {"a": True}),
        ("on: 1", {"true": 1}),
        ("1: x", {"1": "x"}),
        ("~: x", {"null": "x"}),
        ("a: ! 5", {"a": "5"}),
        ("a: !!str 5", {"a": "5"}),
        ("a: !!int '5'", {"a": 5}),
        ("a: '5'", {"a": "5"}),
        ("a: =", {"a": "="}),
        ("a: <<", {"a": "<<"}),
        ("a: [<<]", {"a": ["<<"]}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("b: &b {x: 1, y: 2}\na: {<<: *b, y: 3}", {"b": {"x": 1, "y": 2}, "a": {"y": 3, "x": 1}}),
        ("a: {<<: [{x: 1}, {x: 2, y: 2}]}", {"a": {"x": 1, "y": 2}}),
        ("a: !Ref b", {"a": {"Ref": "b"}}),
        ("a: !Sub '${b}'", {"a": {"Fn::Sub": "${b}"}}),
        ("a: !GetAtt b.c.d", {"a": {"Fn::GetAtt": ["b", "c.d"]}}),
        ("a: !Join [',', [x]]", {"a": {"Fn::Join": [",", ["x"]]}}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        (b"\xef\xbb\xbfa: 1", {"a": 1}),
        ("a: ü".encode("utf-16"), {"a": "ü"}),
        ("", {}),
        ("# nothing", {}),
    ],
)
def test_reads(source: str | bytes, data: object) -> None:
    assert read(source).data == data


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("a: [1", "1:4", "not closed"),
        ("a: 1\n\tb: 1", "2:1", "not tabs"),
        ("a: &a [*a]", "1:8", "contains itself"),
        ("a: *b", "1:4", "names no anchor"),
        ("a: !foo 1", "1:4", "!foo"),
        ("a: !!binary /w==", "1:4", "usable number or word"),
        ("a: !!set [b]", "1:4", "tag tag:yaml.org,2002:set is not known"),
        ("a: 0b_", "1:4", "usable number"),
        ("a: !!int x", "1:4", "usable number"),
        ("a: !!bool maybe", "1:4", "usable number or word"),
        ("? [a]\n: b", "1:3", "cannot be a key"),
        ("a: {<<: 5}", "1:5", "only maps can be merged"),
        ("a: 1\n---\nb: 2", "2:1", "more than one document"),
        ('a: "\x01"', "1:5", "cannot be read"),
        (b"a: 1\nb: \xff", "2:4", "UTF-8"),
        (b"\xff\xfea", "1:1", "UTF-16"),
        ("a: \ud800", "1:4", "cannot be read"),
    ],
)
def test_refuses_with_place(source: str | bytes, place: str, words: str) -> None:
    (text,) = refused(source)
    assert text.startswith(f"t.yaml:{place}: ")
    assert words in text


@pytest.mark.parametrize(
    ("source", "data", "place", "words"),
    [
        ("a: 1\na: 2", {"a": 2}, "2:1", "'a' is given twice"),
        ("a: {b: 1, c: 3, b: 2}", {"a": {"b": 2, "c": 3}}, "1:17", "'b' is given twice"),
        ("a: .inf", {"a": math.inf}, "1:4", "not a finite number"),
        ("a: !!binary aGk=", {"a": "hi"}, "1:4", "binary data is read as text"),
        ("a: !!set {b, a}", {"a": ["b", "a"]}, "1:4", "a set is read as a list"),
        ("a: !!omap [b: 1, c: 2]", {"a": [["b", 1], ["c", 2]]}, "1:4", "list of pairs"),
        ("a: !!pairs [b: 1, b: 2]", {"a": [["b", 1], ["b", 2]]}, "1:4", "list of pairs"),
    ],
)
def test_what_was_surely_not_meant_is_read_and_told(
    source: str, data: object, place: str, words: str
) -> None:
    document = read(source)
    assert document.data == data
    (slip,) = document.slips
    assert slip.severity is Severity.SLIP
    assert str(slip).startswith(f"t.yaml:{place}: ")
    assert words in str(slip)


def test_all_repeated_keys_come_at_once() -> None:
    assert len(read("a: 1\na: 2\nb: {c: 1, c: 2}").slips) == 2


def test_a_template_with_a_repeated_key_is_a_template() -> None:
    template, found = parse_template(HEAD + "description: a\ndescription: b\n")
    assert template.description == "b"
    assert not found.errors
    assert found.strict().errors


def test_alias_bomb_is_refused_before_it_goes_off() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    (text,) = refused("\n".join(lines))
    assert "too big when its aliases are expanded" in text


def test_depth_is_limited() -> None:
    assert "nested deeper" in refused("a: " + "[" * 200 + "]" * 200)[0]
    nested: dict[str, object] = {}
    for _ in range(200):
        nested = {"a": nested}
    with pytest.raises(InvalidDocument, match="nested deeper"):
        load_template({"heat_template_version": "2021-04-16", "resources": nested})


def test_size_is_limited_in_bytes() -> None:
    source = "a: " + "ü" * 300_000
    with pytest.raises(InvalidDocument) as caught:
        read(source)
    assert caught.value.diagnostics[0].error == "RequestLimitExceeded"
    assert read(source, Limits(size=1_000_000)).size == 600_003


def test_parsed_data_is_copied_into_plain_data() -> None:
    document = read_document({1: ("a", 2.5)}, "t", DEFAULT_LIMITS, "template")  # type: ignore[dict-item]
    assert document.data == {"1": ["a", 2.5]}
    assert document.position(("1",)) is None
    hidden = read_document({"a": Secret((1, "x"))}, "t", DEFAULT_LIMITS, "environment")
    assert hidden.data == {"a": Secret([1, "x"])}
    with pytest.raises(InvalidDocument, match="too big"):
        read_document({"a": [1, 2, 3]}, "t", Limits(nodes=3), "template")


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("", "HTTPBadRequest", "version not found"),
        ("- a", "HTTPBadRequest", "not a map"),
        ("text", "HTTPBadRequest", "not a map"),
        ("resources: {}", "HTTPBadRequest", "version not found"),
        (
            "heat_template_version: 2099-01-01",
            "InvalidTemplateVersion",
            "'2021-04-16'",
        ),
        ("heat_template_version: [a]", "InvalidTemplateVersion", "not text"),
        (HEAD + "HeatTemplateFormatVersion: 2012-12-12", "InvalidTemplateVersion", "Ambiguous"),
    ],
)
def test_version_is_asked_for(source: str, error: str, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words) as caught:
        load_template(source)
    assert caught.value.diagnostics[0].error == error


def test_templates_are_cached_by_content() -> None:
    assert load_template(HEAD) is load_template(HEAD)
    assert load_template(HEAD) is not load_template(HEAD, file="other")


def test_positions() -> None:
    document = read("a:\n  b.c: [x, {d: y}]\n  e: 1\n")
    at = {path: str(document.position_of(path)) for path in ("a", "a.b.c.1.d", "a.b.c.7", "a.zz")}
    assert at == {
        "a": "t.yaml:1:1",
        "a.b.c.1.d": "t.yaml:2:16",
        "a.b.c.7": "t.yaml:2:3",
        "a.zz": "t.yaml:1:1",
    }
    assert str(document.position(("a", "b.c"), key=True)) == "t.yaml:2:3"


@pytest.mark.parametrize("data", [{"a": ["\ud800"]}, {"\udfff": 1}])
def test_half_characters_in_data_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(InvalidDocument, match="cannot be read"):
        read_document(data, "t.json", DEFAULT_LIMITS, "template")


def test_data_that_is_no_json_is_read_as_text() -> None:
    when = date(2013, 5, 23)
    template = load_template({"heat_template_version": when, "description": 1})
    assert template.version.number == "2013-05-23"
    assert load_template({"heat_template_version": when}) is not template


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("heat_template_versoin: 2021-04-16", "should be 'heat_template_version'"),
        ("parameters: {a: 1}", "this looks like an environment, not like a template"),
        ("a: 1", "say heat_template_version: 2021-04-16"),
    ],
)
def test_a_missing_version_is_told_with_what_may_be_meant(source: str, hint: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        load_template(source)
    assert hint in caught.value.diagnostics[0].hint


@pytest.mark.parametrize(
    ("source", "words"),
    [('{"a": NaN}', "NaN"), ('{"a": 1}]', "")],
)
def test_json_is_read_with_the_same_care(source: str, words: str) -> None:
    if words == "NaN":
        assert read(source).data == {"a": "NaN"}
    else:
        assert words in refused(source)[0]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('{"a": 1, "a": 2}', "t.yaml:1:10: key 'a' is given twice"),
        ('{"a": "\\ud83d\\ude00", "a": 2}', "a key is given twice in a map"),
    ],
)
def test_repeated_members_of_json_are_told(source: str, words: str) -> None:
    document = read(source)
    assert document.data == {"a": 2}
    assert str(document.slips[0]).startswith(words)


def test_json_that_is_no_yaml_has_no_places() -> None:
    document = read('{"a": "\\ud83d\\ude00", "b": 1}')
    assert document.data == {"a": "😀", "b": 1}
    assert document.position(("b",)) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("heat_template_version: 2021-04-16\nresources: [", True),
        ('{"AWSTemplateFormatVersion": "2010-09-09"}', True),
        ("parameters: {a: heat_template_version}", False),
    ],
)
def test_a_template_is_known_by_its_version_well_formed_or_not(text: str, meant: bool) -> None:
    assert looks_like_template(text) is meant


def test_what_a_client_wrote_anew_has_no_places() -> None:
    """Clients send nested templates as one line of JSON: no column of it is the author's."""
    text = '{"heat_template_version": "2021-04-16", "resourcez": {}}'
    for file, place in (("file:///kid.yaml", None), ("kid.json", Position("kid.json", 1, 41))):
        with pytest.raises(InvalidDocument) as raised:
            load_template(text, file=file)
        assert [each.position for each in raised.value.diagnostics] == [place]
