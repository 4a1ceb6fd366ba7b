"""Constraints say why a value breaks them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    Constraint,
    CustomConstraint,
    Length,
    Modulo,
    Range,
    first_violation,
)
from isotherm.core.patterns import PatternError, compile_pattern
from isotherm.core.pure_checks import CHECKS


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        (Range(1, 5), [1, 5, "3"], [0, 6]),
        (Range(minimum=1), [10**9], [0]),
        (Range(maximum=1), [-5], [2]),
        (Length(1, 2), ["a", ["a", "b"], {"a": 1}], ["", "abc"]),
        (Length(minimum=1), ["a"], ["", 5]),
        (Modulo(3, 1), [1, 4, "7", 4.0], [3, 1.5]),
        (AllowedValues(("a", 1)), ["a", 1, ["a", 1]], ["b", ["a", "b"]]),
        (AllowedValues(("true", "5")), [True, 5], [False, 6]),
        (AllowedValues((5, True)), ["5"], ["true"]),
        (AllowedPattern("a+"), ["aa"], ["aab", "baa", ""]),
        (CustomConstraint("ip_addr"), ["10.0.0.1", "::1"], ["10.0.0", "x"]),
        (CustomConstraint("nova.flavor"), ["anything"], []),
    ],
)
def test_judges(constraint: Constraint, good: list[Any], bad: list[Any]) -> None:
    assert [each for each in good if constraint.violation(each)] == []
    assert [each for each in bad if not constraint.violation(each)] == []


def test_only_names_with_a_check_of_their_own_are_decided_without_the_cloud() -> None:
    assert CustomConstraint("ip_addr").pure
    assert not CustomConstraint("nova.flavor").pure


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ip_addr", ["10.0.0.1", "fe80::1"], ["10.0.0", "fe80::1%eth0"]),
        ("net_cidr", ["10.0.0.0/8", "10.0.0.1/8", "fe80::/10"], ["10.0.0.0", "10.0.0.0/33", "x/8"]),
        ("net_cidr", ["::/0"], ["10.0.0.0/255.0.0.0", "10.0.0.0/08", "fe80::1%e/64"]),
        ("ip_or_cidr", ["10.0.0.1", "10.0.0.0/8"], ["x"]),
        ("mac_addr", ["fa:16:3e:00:00:01"], ["fa:16:3e:00:00", "fa:16-3e:00:00:01", "x"]),
        ("dns_name", ["a.example.org", "a.example.org."], ["-a.org", "a..b", "a" * 64, "a." * 200]),
        ("dns_name", ["", "a.1"], ["a.1.", "A.b"]),
        ("rel_dns_name", ["", "a.example"], ["a.example."]),
        ("dns_domain", ["", "example.org.", "1."], ["example.org", "example.1."]),
        ("iso_8601", ["2020-01-01T10:00:00Z", "2020-01-01", "2020", "2020-1-2"], ["yesterday"]),
        ("iso_8601", ["20200101T1000", "2020-01-01 10:00:00,5+05"], ["2020-W01-1", "2020-02-30"]),
        ("timezone", ["", "Europe/Berlin"], ["Mars/Base", "Europe", "../UTC"]),
        ("cron_expression", ["* * * * *", "0 0 1,15 * mon-fri"], ["* * *", "? ! * * *"]),
        (
            "cron_expression",
            ["", "@daily", "*/5 22-2 * feb,4 *"],
            ["@often", "60 * * * *", "H * * * *"],
        ),
        (
            "cron_expression",
            ["0 0 L * L5", "0 0 ? * 5#2"],
            ["L * * * *", "0 0 0 * *", "*/0 * * * *"],
        ),
        ("cron_expression", ["* * * * * 59 2030"], ["* * * * * 60", "*-5 * * * *", "1,,2 * * * *"]),
        ("expiration", [None, "2020-01-01", " 2020-01-01 "], ["soon"]),
        ("json_string", ["", "{}", "[1]"], ["{"]),
    ],
)
def test_pure_checks(name: str, good: list[Any], bad: list[Any]) -> None:
    assert [each for each in good if CHECKS[name](each)] == []
    assert [each for each in bad if not CHECKS[name](each)] == []


@pytest.mark.parametrize("zone", ["", "Z", "+00:00", "-01:00"])
def test_what_expires_lies_ahead(zone: str) -> None:
    expiration = CustomConstraint("expiration")
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    assert expiration.violation_at(noon, f"2030-01-01T12:00:01{zone}") is None
    assert expiration.violation_at(noon, f"2030-01-01T10:59:59{zone}")
    assert expiration.violation_at(noon, "2030-01-01T12:00:00+01:00")
    assert expiration.violation_at(noon, "soon")
    assert CustomConstraint("iso_8601").violation_at(noon, "2001-01-01") is None


def test_the_author_says_why() -> None:
    constraints = [Length(1, 5), Length(2, 5, "two at least")]
    assert first_violation(constraints, "a") == (
        "two at least: length (1) is out of range (min: 2, max: 5)"
    )
    assert first_violation(constraints, "ab") is None


def test_patterns_cannot_hang() -> None:
    slow = AllowedPattern("(a|a)+$")
    assert "takes too long" in str(slow.violation("a" * 60 + "b"))
    with pytest.raises(PatternError):
        compile_pattern("(")


def test_very_many_allowed_values_are_not_all_listed() -> None:
    numbers = tuple(range(40))
    assert AllowedValues(numbers).violation("x") == f"'x' is not an allowed value {list(numbers)}"
    told = AllowedValues((*range(256), *(f"word{n}" for n in range(21)), "tcp")).violation("tcpp")
    assert told is not None
    assert told.startswith("'tcpp' is not an allowed value [0, 1, 2, …, 'word0', 'word1', ")
    assert told.endswith(", 'word20', 'tcp']")
