"""What tests of the kit declare is theirs alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import isotherm.kit.services  # noqa: F401  (declares the finders)
from isotherm.kit.finder import FINDERS


@pytest.fixture(autouse=True)
def _own_finders() -> Iterator[None]:
    """Finders that a test declares are gone when it ends: others list them all."""
    before = dict(FINDERS)
    yield
    FINDERS.clear()
    FINDERS.update(before)
