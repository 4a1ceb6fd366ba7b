"""The garbage collector rests while a document becomes a model."""

from __future__ import annotations

import gc
from contextlib import suppress

from isotherm.template.collector import collector_paused


def test_it_goes_on_afterwards_whatever_happens() -> None:
    with suppress(ValueError), collector_paused():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_who_holds_it_back_already_stays_in_charge() -> None:
    with collector_paused():
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
