"""Queries run apart: whatever one of them does, the next one is answered."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from isotherm.sandbox import QueryProcesses, queries_apart
from isotherm.template import (
    PseudoParameters,
    QueryError,
    bind,
    load_environment,
    load_template,
)

ODD = {"a": [None, True, 1.5, "ß\ud800", 2**70]}
ENDLESS = ("sequence(1).len()", "generate(1, true, $ + 1).len()", "range(10000000000).len()")


@pytest.fixture
def processes() -> Iterator[QueryProcesses]:
    processes = QueryProcesses(at_once=1)
    yield processes
    processes.close()


@pytest.mark.parametrize(
    ("expression", "data", "value"),
    [
        ("$.data.where($ > 1)", [1, 2, 3], [2, 3]),
        ("$.data", ODD, ODD),
        ("$.data =~ 'a.c'", "xabcx", True),
        ("timespan(hours => 1)", None, "1:00:00"),
    ],
)
def test_answers_are_those_of_a_query_here(
    processes: QueryProcesses, expression: str, data: Any, value: Any
) -> None:
    assert processes.run(expression, data) == value


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("$.nothing", "nothing"),
        ("range(1, 1000).toList()", "200"),
        ("'x' * 10000000000", "memory"),
    ],
)
def test_a_query_that_fails_says_why_and_the_next_is_answered(
    processes: QueryProcesses, expression: str, words: str
) -> None:
    with pytest.raises(QueryError, match=words):
        processes.run(expression, None)
    assert processes.run("$.data + 1", 1) == 2


@pytest.mark.parametrize("expression", ENDLESS)
def test_a_query_without_an_end_is_ended(expression: str) -> None:
    processes = QueryProcesses(at_once=1, seconds=0.3)
    with pytest.raises(QueryError, match="too long"):
        processes.run(expression, None)
    assert processes.run("$.data + 1", 1) == 2
    processes.close()


def test_a_query_that_was_ended_is_not_run_again_at_once() -> None:
    """A template is evaluated more than once, by several engines one after the other."""
    processes = QueryProcesses(at_once=1, seconds=0.3)
    with pytest.raises(QueryError, match="too long"):
        processes.run("sequence(1).len()", None)
    processes._seconds = 3600
    with pytest.raises(QueryError, match="too long"):
        processes.run("sequence(1).len()", None)
    assert processes.run("sequence(1).first()", None) == 1
    processes.close()


@pytest.mark.slow
def test_the_system_ends_a_query_that_nobody_waits_for(processes: QueryProcesses) -> None:
    """Also where the service has died meanwhile."""
    with pytest.raises(QueryError, match="too long"):
        processes.run("sequence(1).len()", None)


def test_a_process_that_dies_is_replaced(processes: QueryProcesses) -> None:
    processes.run("1", None)
    [(channel, _)] = processes._idle
    os.kill(channel._process.pid, signal.SIGKILL)
    channel._process.wait()
    assert processes.run("$.data", "here") == "here"


def test_one_endless_query_leaves_room_for_others() -> None:
    processes = QueryProcesses(at_once=2, seconds=5)
    processes.run("1", None)
    with ThreadPoolExecutor() as threads:
        endless = threads.submit(processes.run, "sequence(1).len()", None)
        assert processes.run("$.data", "meanwhile") == "meanwhile"
        assert not endless.done()
        [(idle, _)] = processes._idle
        assert idle._process.poll() is None
    with pytest.raises(QueryError):
        endless.result()
    processes.close()


def test_the_environment_stays_outside(
    processes: QueryProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_PASSWORD", "hard-to-guess")
    processes.run("1", None)
    [(channel, _)] = processes._idle
    environment = Path(f"/proc/{channel._process.pid}/environ").read_bytes()
    assert b"hard-to-guess" not in environment


def test_templates_are_evaluated_apart() -> None:
    query = {"expression": "$.data.len()", "data": [1, 2]}
    template = {
        "heat_template_version": "2021-04-16",
        "outputs": {
            "o": {"value": {"yaql": query}},
            "e": {"value": {"yaql": {**query, "data": 1}}},
        },
    }
    pseudo = PseudoParameters("id", "stack", "region", "project")
    definition = bind(load_template(template), load_environment({}), files={}, pseudo=pseudo)

    class Nothing:
        def reference(self, resource: str) -> Any: ...

        def attribute(self, resource: str, name: str, steps: Sequence[Any] = ()) -> Any: ...

    with queries_apart():
        assert definition.evaluate(definition.outputs["o"].value, Nothing()) == 2
        with pytest.raises(Exception, match=r"outputs\.e\.value: .*len"):
            definition.evaluate(definition.outputs["e"].value, Nothing())
