"""Rules of alarms about other alarms."""

from __future__ import annotations

import pytest

from isotherm.kit.alarm_rules import RuleError, parse_rule

STATES = {"hot": "ALARM", "cold": "OK", "new": "INSUFFICIENT_DATA", "a b": "ALARM"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("ALARM(hot)", True),
        ("ALARM(cold)", False),
        ("OK(cold)", True),
        ("INSUFFICIENT_DATA(new)", True),
        ('ALARM("a b")', True),
        ("ALARM('a b')", True),
        ("ALARM(arn:openstack:cloudwatch::p:alarm:hot)", True),
        ("TRUE", True),
        ("FALSE", False),
        ("NOT FALSE", True),
        ("NOT NOT ALARM(hot)", True),
        ("ALARM(hot) AND OK(cold)", True),
        ("ALARM(hot) AND ALARM(cold)", False),
        ("ALARM(cold) OR ALARM(hot)", True),
        ("FALSE AND FALSE OR TRUE", True),
        ("FALSE AND (FALSE OR TRUE)", False),
        ("NOT (ALARM(cold) OR FALSE)\nAND TRUE", True),
    ],
)
def test_what_rules_mean(rule: str, *, holds: bool) -> None:
    assert parse_rule(rule).holds(STATES.__getitem__) is holds


def test_whom_a_rule_asks() -> None:
    rule = parse_rule("ALARM(a) AND (OK(b) OR NOT ALARM(x:alarm:c)) AND TRUE")
    assert rule.names == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "between 1 and"),
        ("  ", "between 1 and"),
        ("ALARM()", "Nobody expected 'ALARM\\(\\)'"),
        ("ALARM(a) ALARM(b)", "Nobody expected ALARM"),
        ("ALARM(a) AND", "Nobody expected the end"),
        ("ALARM(a) && ALARM(b)", "Nobody expected '&&"),
        ("(ALARM(a)", "lacks a"),
        ("AND", "Nobody expected AND"),
        ("ANDREW", "Nobody expected"),
        ("(" * 100 + "TRUE" + ")" * 100, "nested too deeply"),
        (" OR ".join(f"ALARM(a{each})" for each in range(101)), "100 alarms at most"),
        ("TRUE" + " " * 11000, "between 1 and"),
    ],
)
def test_what_cannot_be_read(rule: str, told: str) -> None:
    with pytest.raises(RuleError, match=told):
        parse_rule(rule)
