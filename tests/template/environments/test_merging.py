"""Environment files merge as the reference merges them (answers recorded from it)."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import (
    load_environment,
    load_template,
    merge_environments,
    offer_event_sink,
)

DECLARED = load_template(
    "heat_template_version: 2021-04-16\n"
    "parameters: {l: {type: comma_delimited_list}, j: {type: json}, s: {type: string},\n"
    "  b: {type: boolean}, n: {type: number}}\n"
).parameters


def layer(strategies: dict[str, str] | None = None, **values: Any) -> dict[str, Any]:
    return {"parameters": values, "parameter_merge_strategies": strategies or {}}


def merged(*layers: dict[str, Any], **base: Any) -> dict[str, Any]:
    environments = [load_environment(each) for each in layers]
    below = load_environment({"parameters": base})
    return dict(merge_environments(environments, DECLARED, base=below).parameters)


@pytest.mark.parametrize(
    ("name", "strategy", "older", "newer", "result"),
    [
        ("l", "merge", "a,b", "c", "a,b,c"),
        ("l", "merge", ["a"], ["b"], ["a", "b"]),
        ("l", "merge", "", "b", "b"),
        ("l", "merge", "a", "", "a,"),
        ("l", "deep_merge", "a,b", "c", "a,b,c"),
        ("j", "merge", {"a": {"x": 1}, "l": [1]}, {"a": {"y": 2}, "l": [2]}, None),
        ("j", "merge", {"a": 1}, '{"b":2}', {"a": 1, "b": 2}),
        (
            "j",
            "deep_merge",
            {"a": {"x": 1}, "l": [1]},
            {"a": {"y": 2}, "l": [2]},
            {"a": {"x": 1, "y": 2}, "l": [1, 2]},
        ),
        ("s", "merge", "x", "y", "xy"),
        ("s", "deep_merge", "x", "y", "xy"),
        # Where the reference fails inside:
        ("l", "merge", "a", ["b"], ["a", "b"]),
        ("j", "merge", '{"a":1}', '{"b":2}', {"a": 1, "b": 2}),
        ("j", "merge", [1], [2], [1, 2]),
    ],
)
def test_values_merge_by_the_type_of_their_parameter(
    name: str, strategy: str, older: Any, newer: Any, result: Any
) -> None:
    strategies = {name: strategy}
    found = merged(layer(strategies, **{name: older}), layer(strategies, **{name: newer}))
    assert found == {name: newer if result is None else result}


@pytest.mark.parametrize(
    ("layers", "result"),
    [
        ([layer(l="a"), layer(l="b")], {"l": "b"}),
        ([layer(l="a"), layer({"default": "merge"}, l="b")], {"l": "b"}),
        ([layer({"default": "merge"}, l="a"), layer(l="b")], {"l": "a,b"}),
        ([layer({"l": "merge"}, l="a"), layer(l="b")], {"l": "a,b"}),
        ([layer({"l": "merge"}, l="a"), layer({"s": "merge"}, l="b")], {"l": "a,b"}),
        ([layer(s="a"), *[layer({"default": "merge"}, l=x) for x in "bc"]], {"s": "a", "l": "b,c"}),
        ([layer({"default": "merge", "l": "overwrite"}, l=x) for x in "ab"], {"l": "b"}),
        ([layer(l="a"), layer(l=None)], {"l": "a"}),
    ],
)
def test_the_first_environment_settles_the_strategy(
    layers: list[dict[str, Any]], result: dict[str, Any]
) -> None:
    assert merged(*layers) == result


def test_a_base_settles_nothing() -> None:
    assert merged(layer({"l": "merge"}, l="a"), l="b", s="q") == {"l": "b,a", "s": "q"}
    found = merged(layer({"j": "deep_merge"}, j={"a": {"x": 1}}), j={"a": {"y": 1}})
    assert found == {"j": {"a": {"y": 1, "x": 1}}}


@pytest.mark.parametrize(
    ("layers", "error"),
    [
        ([layer(l="a"), layer({"l": "merge"}, l="b")], "ConflictingMergeStrategyForParam"),
        (
            [layer({"l": "merge"}, l="a"), layer({"l": "overwrite"}, l="b")],
            "ConflictingMergeStrategyForParam",
        ),
        ([layer({"n": "merge"}, n=x) for x in (1, 2)], "HTTPBadRequest"),
        ([layer({"b": "merge"}, b=x) for x in (True, False)], "HTTPBadRequest"),
        ([layer({"j": "merge"}, j={"a": 1}), layer({"j": "merge"}, j=[1])], "HTTPBadRequest"),
        ([layer({"j": "merge"}, j={"a": 1}), layer({"j": "merge"}, j="{")], "HTTPBadRequest"),
        ([layer({"l": "merge"}, l="a"), layer({"l": "merge"}, l={"a": 1})], "HTTPBadRequest"),
    ],
)
def test_what_cannot_be_merged_is_refused(layers: list[dict[str, Any]], error: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        merged(*layers)
    assert caught.value.diagnostics[0].error == error


@pytest.mark.parametrize(
    ("sinks", "words"),
    [
        (["x"], "a map with a type"),
        ([{"target": "q"}], "a map with a type"),
        ([{"type": "nope", "target": "q"}], "zaqar-queue"),
        ([{"type": "zaqar-queue", "target": "q", "zz": 1}], "has no zz"),
        ([{"type": "zaqar-queue", "ttl": 3}], "needs a target"),
    ],
)
def test_event_sinks_that_are_none_are_refused(sinks: Any, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        load_environment({"event_sinks": sinks})


def test_other_kinds_of_event_sinks_are_known_once_they_are_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("isotherm.template.environments.environment.SINK_KEYS", {})
    offer_event_sink("chat", ["room"])
    sink = {"type": "chat", "target": "us", "room": 7}
    assert load_environment({"event_sinks": [sink]}).event_sinks == (sink,)
    with pytest.raises(InvalidDocument, match="has no ttl"):
        load_environment({"event_sinks": [{**sink, "ttl": 3}]})


def test_event_sinks_are_kept() -> None:
    sink = {"type": "zaqar-queue", "target": "q", "ttl": 3}
    assert load_environment({"event_sinks": [sink]}).as_data()["event_sinks"] == [sink]


@pytest.mark.parametrize(
    ("older", "newer", "result"),
    [({"a": 1}, {"b": 2}, {"a": 1, "b": 2}), ("a", "b", "a,b"), (["a"], "b", ["a", "b"])],
)
def test_parameters_that_no_template_declares_merge_by_their_values(
    older: Any, newer: Any, result: Any
) -> None:
    layers = [layer({"x": "merge"}, x=each) for each in (older, newer)]
    assert merge_environments(list(map(load_environment, layers))).parameters == {"x": result}


def test_numbers_do_not_merge() -> None:
    layers = [load_environment(layer({"x": "merge"}, x=each)) for each in (1, 2)]
    with pytest.raises(InvalidDocument):
        merge_environments(layers)


def test_a_refusal_names_the_parameter() -> None:
    with pytest.raises(InvalidDocument) as caught:
        merged(layer({"j": "merge"}, j={"a": 1}), layer({"j": "merge"}, j=[1]))
    (found,) = caught.value.diagnostics
    assert found.path == "parameters.j"
    assert "'j'" in found.text
