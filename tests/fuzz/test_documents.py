"""A bounded part of what ``python -m fuzz.seeded documents`` does."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from fuzz.documents import documents, try_document

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
def test_no_template_ends_a_command_with_a_traceback(seed: int, tmp_path: Path) -> None:
    for text in islice(documents(seed), 120):
        try_document(text, tmp_path)
