"""The garbage collector, held back where it only costs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Holds back the search for garbage while a document becomes a model.

    That makes many small objects that all stay; looking through them again and
    again took half of the time for big templates.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
