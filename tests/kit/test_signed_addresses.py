"""Addresses with a signature: what they hold, and what they do not."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from isotherm.core.arns import parse_arn, resource_arn, stack_arn
from isotherm.kit.signed_addresses import KeyPair, Purpose, is_signed, signed_address

BASE = "http://api.example:8000/v1"
ARN = resource_arn("project", "web", "id", "door")
PAIR = KeyPair("access", "secret")
AT = datetime(2030, 1, 31, 12, tzinfo=UTC)


def taken_apart(address: str) -> tuple[str, dict[str, str]]:
    url, _, query = address.partition("?")
    return url, dict(parse_qsl(query))


def test_an_address_names_the_resource_and_who_signed() -> None:
    url, parameters = taken_apart(signed_address(BASE, ARN, PAIR, Purpose.WAIT_CONDITION, at=AT))
    path = "arn%3Aopenstack%3Aheat%3A%3Aproject%3Astacks/web/id/resources/door"
    assert url == f"{BASE}/waitcondition/{path}"
    signature = parameters.pop("Signature")
    assert signature
    assert "secret" not in signature
    assert parameters == {
        "AWSAccessKeyId": "access",
        "SignatureMethod": "HmacSHA256",
        "SignatureVersion": "2",
        "Timestamp": "2030-01-31T12:00:00Z",
    }
    assert "Timestamp" not in signed_address(BASE, ARN, PAIR, Purpose.SIGNAL)


def test_the_signature_holds_for_one_of_the_ways_to_write_the_address() -> None:
    url, parameters = taken_apart(signed_address(f"{BASE}/", ARN, PAIR, Purpose.SIGNAL))
    other = url.replace("api.example:8000", "inside:80")
    assert is_signed(PAIR, Purpose.SIGNAL, [other, url], parameters)
    assert not is_signed(PAIR, Purpose.SIGNAL, [other], parameters)


@pytest.mark.parametrize(
    "change", ["key", "access", "verb", "resource", "signature", "time", "none"]
)
def test_whatever_is_changed_the_signature_holds_no_more(change: str) -> None:
    url, parameters = taken_apart(signed_address(BASE, ARN, PAIR, Purpose.SIGNAL, at=AT))
    pair, purpose = PAIR, Purpose.SIGNAL
    match change:
        case "key":
            pair = KeyPair("access", "other")
        case "access":
            parameters["AWSAccessKeyId"] = "other"
        case "verb":
            purpose = Purpose.WAIT_CONDITION
        case "resource":
            url = url.replace("/door", "/window")
        case "signature":
            parameters["Signature"] = "AAAA"
        case "time":
            parameters["Timestamp"] = "2031-01-31T12:00:00Z"
        case "none":
            parameters.pop("Signature")
    assert not is_signed(pair, purpose, [url], parameters)


def test_a_key_pair_is_kept_sealed_and_read_again() -> None:
    pair = KeyPair.invent()
    assert KeyPair.of(pair.data) == pair != KeyPair.invent()
    assert pair.secret not in repr(pair.data)
    assert pair.secret not in repr(pair)
    assert KeyPair.of({"key": {"access": "a", "secret": "plain"}}) == KeyPair("a", "plain")
    assert KeyPair.of({}) is None


def test_arns_are_read_again() -> None:
    found = parse_arn(ARN)
    assert found is not None
    assert found == ("project", "web", "id", "/resources/door")
    assert found.resource == "door"
    stack = parse_arn(stack_arn("project", "web", "id"))
    assert stack is not None
    assert stack.resource == ""
    assert parse_arn("arn:aws:cloudformation:us-east-1:1:stack/a/b") is None
    assert urlsplit(BASE).netloc in signed_address(BASE, ARN, PAIR, Purpose.SIGNAL)
