"""Constraints say why a value breaks them."""

from __future__ import annotations

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
        (Length(minimum=1), ["a"], [""]),
        (Modulo(3, 1), [1, 4, "7"], [3]),
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
        ("net_cidr", ["10.0.0.0/8", "10.0.0.1/8", "fe80::/10"], ["10.0.0.0", "10.0.0.0/33", "x/8"]),
        ("ip_or_cidr", ["10.0.0.1", "10.0.0.0/8"], ["x"]),
        ("mac_addr", ["fa:16:3e:00:00:01"], ["fa:16:3e:00:00", "x"]),
        ("dns_name", ["a.example.org", "a.example.org."], ["-a.org", "a..b", "a" * 64, "a." * 200]),
        ("rel_dns_name", ["a.example"], ["a.example."]),
        ("dns_domain", ["", "example.org."], ["example.org"]),
        ("iso_8601", ["2020-01-01T10:00:00Z", "2020-01-01"], ["yesterday"]),
        ("timezone", ["", "Europe/Berlin"], ["Mars/Base"]),
        ("cron_expression", ["* * * * *", "0 0 1,15 * mon-fri"], ["* * *", "? ! * * *"]),
        ("expiration", [None, "2020-01-01"], ["soon"]),
        ("json_string", ["{}", "[1]"], ["{"]),
    ],
)
def test_pure_checks(name: str, good: list[Any], bad: list[Any]) -> None:
    assert [each for each in good if CHECKS[name](each)] == []
    assert [each for each in bad if not CHECKS[name](each)] == []


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
