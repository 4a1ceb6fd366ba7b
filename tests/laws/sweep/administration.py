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

SAMPLES: Mapping[str, AnySample] = {
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
