"""Each port says of each of its calls what it does."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

import pytest

from isotherm import ports

MODULES = [
    importlib.import_module(each.name)
    for each in pkgutil.iter_modules(ports.__path__, f"{ports.__name__}.")
]
PROTOCOLS = [
    each
    for module in MODULES
    for _, each in inspect.getmembers(module, inspect.isclass)
    if each.__module__ == module.__name__ and getattr(each, "_is_protocol", False)
]
# What their names say wholly.
OBVIOUS = {"close", "count_resources", "count_stacks", "event", "events", "region", "stacks"}


def test_there_are_ports() -> None:
    assert {"Store", "Bus", "Cloud", "Fetcher", "Metrics"} <= {each.__name__ for each in PROTOCOLS}


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda each: each.__name__)
def test_every_call_is_described(protocol: type[Any]) -> None:
    calls = {n: c for n, c in vars(protocol).items() if callable(c) and not n.startswith("_")}
    assert [n for n, call in calls.items() if not call.__doc__ and n not in OBVIOUS] == []
