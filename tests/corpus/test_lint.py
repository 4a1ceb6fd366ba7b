"""Lint warns of nothing in realistic templates but what is really odd about them."""

from __future__ import annotations

import pytest
from tests.corpus.entries import Entry, entries

from isotherm.template import lint

ODD = {
    "alarms/cloudwatch": {"deprecated"},
    "alarms/services_that_are_gone": {"deprecated"},
    "alarms/watched_group": {"deprecated"},
    "aws/conditions": {"repeated-dependency"},
    "aws/language-extensions": {"aws-value"},
    "aws/pseudo-parameters": {"aws-value"},
    "aws/quick-start": {"aws-value"},
    "aws/two-tiers": {"aws-ignored-property"},
    "aws/vpc-web-server": {"aws-ignored-property"},
    "aws/wordpress-rds": {"aws-default"},
    "cloudformation/choices": {"aws-value"},
    "cloudformation/disks-by-loop": {"unknown-key"},
    "cloudformation/images-by-region": {"aws-value"},
    "cloudformation/public-fleet": {"aws-ignored-property"},
    "cloudformation/routes-for-three": {"aws-ignored-property"},
    "cloudformation/groups": {"aws-ignored-property"},
    "cloudformation/metadata-and-order": {"aws-value"},
    "cloudformation/own-interface": {"aws-ignored-property"},
    "cloudformation/vpc-with-subnets": {"aws-ignored-property"},
    "cloudformation/web-server": {"aws-ignored-property"},
    "balancing/first-generation": {"deprecated"},
    "software/former-names": {"deprecated"},
    "balancing/second-generation": {"deprecated"},
    "batch/random-names": {"deprecated"},
    "data/password-for-clients": {"deprecated"},
    "environments/secrets": {"shown-secret"},
    "language/conditions-all": {"fixed-condition"},
    "language/numbers-and-booleans": {"misread-scalar"},
    "language/select-in-2015": {"misplaced-call"},
    "language/urls": {"shown-secret"},
    "naming/domain-with-records": {"deprecated"},
    "network/former-names": {"deprecated"},
    "network/ways-out": {"deprecated"},
    "topology/service-chain": {"deprecated"},
    "versions/icehouse": {"unused-parameter"},
    "versions/old-hands": {"deprecated"},
    "web/config-drive": {"deprecated"},
}
"""These show what lint warns of; each was looked at."""


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_there_are_no_false_alarms(entry: Entry) -> None:
    found = lint(
        entry.file.read_text(encoding="utf-8"),
        entry.types,
        environment=entry.environment,
        files=entry.files,
        file=entry.name,
    )
    warned = {each.name for each in found if each.name}
    assert warned == ODD.get(entry.name, set()), list(map(str, found))
    assert [str(each) for each in found.errors] == []
