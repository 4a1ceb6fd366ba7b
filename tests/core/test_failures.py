"""Failures as values."""

from __future__ import annotations

from isotherm.core.failures import Failure

REFUSED = Failure("Forbidden", "resources.disk", "over quota", "req-1", "row-1")


def test_a_failure_reads_as_clients_know_it() -> None:
    assert str(REFUSED) == "Forbidden: resources.disk: over quota"
    assert str(Failure("", "", "the template is wrong")) == "the template is wrong"


def test_seen_from_outside_only_the_place_is_another() -> None:
    outside = Failure("Forbidden", "resources.web.resources.disk", "over quota", "req-1", "row-1")
    assert REFUSED.within("resources.web") == outside
