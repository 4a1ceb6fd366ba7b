"""Each file of tests leaves the process as it found it: files run in random order, several in
one process."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from isotherm.kit import registry
from isotherm.kit.constraint import CONSTRAINTS
from isotherm.kit.event_sinks import EVENT_SINKS
from isotherm.kit.lifecycle import LIFECYCLES

State = dict[str, object]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(scope="module", autouse=True)
def process_as_found() -> Iterator[None]:
    found = _state()
    yield
    left = _state()
    changed = [
        f"{what}: {found.get(what)!r} -> {left.get(what)!r}"
        for what in sorted(found.keys() | left.keys())
        if found.get(what) != left.get(what)
    ]
    assert not changed, "this file leaves the process changed:\n" + "\n".join(changed)


@pytest.fixture
def service_leaves_no_trace() -> Iterator[None]:
    """For tests that start a service in their own process: it sets logs and signals up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    signals = {each: signal.getsignal(each) for each in _SIGNALS}
    yield
    for each, handler in signals.items():
        signal.signal(each, handler)
    for added in set(root.handlers) - set(handlers):
        added.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    logging.raiseExceptions = True


def _state() -> State:
    """What tests change now and then, by name. pytest's own handlers and variables come and
    go with each test."""
    return {
        **{f"environment variable {name}": text for name, text in _environment()},
        **{f"level of logger {name}": level for name, level in _levels()},
        "handlers of the root logger": _handlers(),
        "logging.raiseExceptions": logging.raiseExceptions,
        "working directory": Path.cwd(),
        "search path of modules": list(sys.path),
        # SIGINT is asyncio's own while a loop that several tests share is open.
        "handler of SIGTERM": signal.getsignal(signal.SIGTERM),
        "constraints": sorted(CONSTRAINTS),
        "lifecycles": list(LIFECYCLES),
        "event sinks": sorted(EVENT_SINKS),
        "registered types": _types_of_tests(),
    }


def _types_of_tests() -> list[tuple[str, str]]:
    """Types of the catalogue register themselves when they are first needed: they may stay."""
    return sorted(each for each in registry._registered if not each[1].startswith("isotherm."))


def _environment() -> list[tuple[str, str]]:
    return [each for each in os.environ.items() if not each[0].startswith("PYTEST_")]


def _levels() -> list[tuple[str, int]]:
    known = logging.Logger.manager.loggerDict
    ours = [logging.getLogger(name) for name in list(known) if name.split(".")[0] == "isotherm"]
    return [(each.name, each.level) for each in (logging.root, *ours) if each.level]


def _handlers() -> list[logging.Handler]:
    return [
        each for each in logging.root.handlers if not type(each).__module__.startswith("_pytest")
    ]
