"""What the page of transports says was shown is shown by tests that are there."""

from __future__ import annotations

from tests.clients.transports import recorded
from tests.docs.pages import ROOT

from isotherm.resources import agents
from isotherm.resources.software import signalling


def test_each_row_names_a_test_that_is_there() -> None:
    for row in recorded():
        file, _, name = row["test"].partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), row


def test_each_row_names_transports_that_there_are() -> None:
    for row in recorded():
        assert row["server"] in agents.TRANSPORTS, row
        assert row["signal"] in signalling.TRANSPORTS, row
