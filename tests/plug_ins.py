"""Plug-ins that a test loads into its own process: none is there before, and none stays."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from isotherm.kit import registry
from isotherm.kit.constraint import CONSTRAINTS
from isotherm.kit.event_sinks import EVENT_SINKS
from isotherm.kit.lifecycle import LIFECYCLES

_OURS = ("isotherm_plugins", "acme")


@pytest.fixture
def no_plug_in_stays() -> Iterator[None]:
    known, lifecycles, sinks = dict(CONSTRAINTS), list(LIFECYCLES), dict(EVENT_SINKS)
    yield
    EVENT_SINKS.clear()
    EVENT_SINKS.update(sinks)
    CONSTRAINTS.clear()
    CONSTRAINTS.update(known)
    LIFECYCLES[:] = lifecycles
    for key in [each for each in registry._registered if each[1].startswith(_OURS)]:
        del registry._registered[key]
    for name in [each for each in sys.modules if each.startswith(_OURS)]:
        del sys.modules[name]
