"""A bounded part of what ``python -m fuzz.seeded requests`` does."""

from __future__ import annotations

import pytest
from fuzz.service import try_requests

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_request_is_answered_with_an_error_of_ours(seed: int) -> None:
    assert await try_requests(seed, seconds=3600, most=1500) == 1500
