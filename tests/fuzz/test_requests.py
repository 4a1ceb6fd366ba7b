"""A bounded part of what ``python -m fuzz.seeded requests aws-requests`` does."""

from __future__ import annotations

import pytest
from fuzz.service import AWS, NATIVE, Doors, try_requests

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("doors", "seed", "most"), [(NATIVE, 1, 1500), (NATIVE, 2, 1500), (AWS, 1, 1000)]
)
async def test_no_request_is_answered_with_an_error_of_ours(
    doors: Doors, seed: int, most: int
) -> None:
    assert await try_requests(seed, seconds=3600, most=most, doors=doors) == most
