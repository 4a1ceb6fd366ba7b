"""Errors of the cloud do not repeat what was sent to it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from isotherm.cloud.faults import fault_message

USER_DATA = base64.b64encode(b"TOPSECRETVALUE-" + b"x" * 70_000).decode()
SENT: Mapping[str, Any] = {"server": {"name": "web", "user_data": USER_DATA, "networks": [{}]}}
HOOK = 'import os\nprint("TOPSECRETVALUE")\n' * 10


def message(text: str, sent: Mapping[str, Any] = SENT) -> str:
    body = json.dumps({"badRequest": {"code": 400, "message": text}}).encode()
    return fault_message(400, body, json.dumps(sent).encode())


@pytest.mark.parametrize("quoted", [USER_DATA, USER_DATA[:1500], USER_DATA[:70]])
def test_the_cause_is_readable_and_the_value_is_not(quoted: str) -> None:
    told = message(f"Invalid input for user_data. Value: {quoted}. '{quoted}' is too long")
    assert told == "Invalid input for user_data. Value: …. '…' is too long"


@pytest.mark.parametrize("quoted", [HOOK, json.dumps(HOOK), " ".join(HOOK.split())])
def test_texts_are_known_however_they_are_written(quoted: str) -> None:
    told = message(f"bad: {quoted} (end)", {"parts": [{"config": HOOK}]})
    assert "TOPSECRET" not in told
    assert told.endswith("(end)")


def test_names_are_told() -> None:
    assert message("web is taken already, and so it is not to be had for anybody else") == (
        "web is taken already, and so it is not to be had for anybody else"
    )


@pytest.mark.parametrize("sent", [None, b"", b"not json", b"\xff"])
def test_what_is_no_json_quotes_nothing(sent: bytes | None) -> None:
    text = "a message of some length that tells " * 3
    assert fault_message(400, text.encode(), sent) == text.strip()
