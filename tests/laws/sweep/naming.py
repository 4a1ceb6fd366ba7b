"""Samples of zones and what they say."""

from __future__ import annotations

from collections.abc import Mapping

from tests.laws.sweep.samples import Sample, made, ref

ZONE = {"name": "stack.example.", "email": "a@example.org"}
ZONES = {
    "zone": made("OS::Designate::Zone", name="zone.example.", email="a@example.org"),
    "zone2": made("OS::Designate::Zone", name="zone2.example.", email="a@example.org"),
}
SET = {"zone": ref("zone"), "name": "www", "type": "A", "records": ["10.0.0.1"]}
RECORD = {"domain": ref("zone"), "name": "www.zone.example.", "type": "A", "data": "10.0.0.1"}

SAMPLES: Mapping[str, Sample] = {
    "OS::Designate::Zone": Sample(
        {**ZONE, "ttl": 300},
        {**ZONE, "email": "b@example.org", "description": "d"},
        {**ZONE, "name": "other.example."},
    ),
    "OS::Designate::Domain": Sample(
        ZONE, {**ZONE, "ttl": 600, "description": "d"}, {**ZONE, "name": "other.example."}
    ),
    "OS::Designate::RecordSet": Sample(
        {**SET, "ttl": 300},
        {**SET, "records": ["10.0.0.2", "10.0.0.3"], "description": "d"},
        {**SET, "zone": ref("zone2")},
        ZONES,
    ),
    "OS::Designate::Record": Sample(
        RECORD,
        {**RECORD, "data": "10.0.0.2", "ttl": 600},
        {**RECORD, "domain": ref("zone2"), "name": "www.zone2.example."},
        ZONES,
    ),
}
