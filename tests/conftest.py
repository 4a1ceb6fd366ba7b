"""Settings that all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings
from tests.plug_ins import no_plug_in_stays
from tests.process_state import process_as_found, service_leaves_no_trace

__all__ = ["no_plug_in_stays", "process_as_found", "service_leaves_no_trace"]

# Machines under load are slow now and then: that alone is no failure.
settings.register_profile("isotherm", deadline=None, print_blob=True)
settings.load_profile("isotherm")

_LONG = [
    Path(__file__).with_name(folder)
    for folder in ("clients", "clusters", "contracts", "docs", "fuzz")
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, in random order as everything: what is last is short, so
    that no worker waits long for another one in the end."""
    items.sort(key=lambda each: not any(each.path.is_relative_to(folder) for folder in _LONG))
