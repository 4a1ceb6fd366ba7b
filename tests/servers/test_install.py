"""What is missing is named exactly, and nothing is skipped because of it."""

import dataclasses
import os

import pytest
from tests.servers import install


def test_missing_programs_and_their_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = dataclasses.replace(install.REQUIREMENTS["rabbitmq"], find=lambda name: None)
    monkeypatch.setitem(install.REQUIREMENTS, "rabbitmq", absent)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(install.MissingServerError) as raised:
        install.ensure_installed(["rabbitmq"])
    assert "rabbitmq: rabbitmq-server, epmd" in str(raised.value)
    assert str(raised.value).endswith("on Debian install: rabbitmq-server")
