"""A desk to send requests to: memory store, embedded bus, tokens and names."""

from __future__ import annotations

import pytest
from tests.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
