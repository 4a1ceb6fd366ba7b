"""Samples of what only administrators may make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from tests.laws.sweep.samples import Sample as AnySample
from tests.laws.sweep.samples import made, ref

Sample = partial(AnySample, user="admin")

PEOPLE = {
    "group": made("OS::Keystone::Group"),
    "user": made("OS::Keystone::User"),
    "user2": made("OS::Keystone::User"),
    "role": made("OS::Keystone::Role"),
    "project": made("OS::Keystone::Project"),
}
PLACES = {
    "region": made("OS::Keystone::Region"),
    "service": made("OS::Keystone::Service", type="tickets"),
}
HERE = {"role": ref("role"), "project": ref("project")}
THERE = {"role": "reader", "domain": "default"}
ADDRESS = {"service": ref("service"), "interface": "public", "url": "http://example.org"}

TYPES = {
    "type": made("OS::Cinder::VolumeType", name="stack-type"),
    "type2": made("OS::Cinder::VolumeType", name="stack-type2"),
    "qos": made("OS::Cinder::QoSSpecs", specs={"a": "1"}),
    "qos2": made("OS::Cinder::QoSSpecs", specs={"a": "2"}),
}
PROJECT = {"project": PEOPLE["project"]}
KIND = {"name": "stack-kind", "is_public": False}
LUKS = {"volume_type": ref("type"), "provider": "luks"}

SAMPLES: Mapping[str, AnySample] = {
    "OS::Cinder::EncryptedVolumeType": Sample(
        LUKS,
        {**LUKS, "provider": "plain", "key_size": 256},
        {**LUKS, "volume_type": ref("type2")},
        TYPES,
    ),
    "OS::Cinder::QoSAssociation": Sample(
        {"qos_specs": ref("qos"), "volume_types": [ref("type")]},
        {"qos_specs": ref("qos"), "volume_types": [ref("type2")]},
        {"qos_specs": ref("qos2"), "volume_types": [ref("type2")]},
        TYPES,
    ),
    "OS::Cinder::QoSSpecs": Sample(
        {"name": "stack-qos", "specs": {"a": "1", "b": "1"}},
        {"name": "stack-qos", "specs": {"a": "2", "consumer": "both"}},
        {"specs": {"a": "1"}},
    ),
    "OS::Cinder::Quota": Sample(
        {"project": ref("project"), "volumes": 3},
        {"project": ref("project"), "gigabytes": 7},
        None,
        PROJECT,
    ),
    "OS::Cinder::VolumeType": Sample(
        {**KIND, "metadata": {"a": "b"}, "projects": [ref("project")]},
        {**KIND, "name": "stack-new", "description": "d", "metadata": {"c": "d"}},
        None,
        PROJECT,
    ),
    "OS::Nova::HostAggregate": Sample(
        {"name": "stack-fast", "hosts": ["compute-1"], "metadata": {"a": "b"}},
        {
            "name": "stack-new",
            "availability_zone": "stack-zone",
            "hosts": ["compute-2"],
            "metadata": {"c": "d"},
        },
        None,
    ),
    "OS::Nova::Quota": Sample(
        {"project": ref("project"), "cores": 3},
        {"project": ref("project"), "ram": 70},
        None,
        PROJECT,
    ),
    "OS::Keystone::Domain": Sample(
        {"name": "stack-domain"}, {"name": "stack-new", "description": "d", "enabled": False}, None
    ),
    "OS::Keystone::Endpoint": Sample(
        ADDRESS, {**ADDRESS, "name": "stack-new", "region": ref("region")}, None, PLACES
    ),
    "OS::Keystone::Group": Sample(
        {"roles": [HERE]}, {"description": "d", "roles": [THERE]}, None, PEOPLE
    ),
    "OS::Keystone::GroupRoleAssignment": Sample(
        {"group": ref("group"), "roles": [HERE]},
        {"group": ref("group"), "roles": [THERE]},
        None,
        PEOPLE,
    ),
    "OS::Keystone::Project": Sample(
        {"name": "stack-mine", "tags": ["a"]},
        {"name": "stack-mine", "description": "d", "enabled": False, "tags": ["b"]},
        {"name": "stack-mine", "parent": ref("project")},
        PEOPLE,
    ),
    "OS::Keystone::Region": Sample(
        {"id": "stack-region"},
        {"id": "stack-region", "description": "d", "parent_region": ref("region")},
        {"id": "stack-other"},
        PLACES,
    ),
    "OS::Keystone::Role": Sample({}, {"name": "stack-new"}, {"domain": "default"}),
    "OS::Keystone::Service": Sample(
        {"type": "tickets", "name": "stack-tickets"},
        {"type": "tickets", "description": "d", "enabled": False},
        None,
    ),
    "OS::Keystone::User": Sample(
        {"password": "one", "groups": [ref("group")], "roles": [HERE]},
        {"name": "stack-new", "email": "a@example.org", "password": "two", "roles": [THERE]},
        None,
        PEOPLE,
    ),
    "OS::Keystone::UserRoleAssignment": Sample(
        {"user": ref("user"), "roles": [HERE, THERE]},
        {"user": ref("user2"), "roles": [HERE]},
        None,
        PEOPLE,
    ),
}
