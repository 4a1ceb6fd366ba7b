"""OS::Keystone::*: what the cloud then has, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest
from tests.contracts.types.beds import Account
from tests.contracts.types.stacks import Document, attr, document, ref, resource

from isotherm.kit.services.identity import (
    DOMAIN,
    ENDPOINT,
    GROUP,
    PROJECT,
    REGION,
    ROLE,
    SERVICE,
    USER,
)

pytestmark = pytest.mark.slow


async def granted(account: Account, who: str) -> set[tuple[str, str]]:
    """Roles and where they are given, by ids; ``who`` is ``user.id=ID`` or ``group.id=ID``."""
    found = await account.cloud.call("identity", "GET", f"/role_assignments?{who}")
    return {
        (each["role"]["id"], target["id"])
        for each in found["role_assignments"]
        for target in each["scope"].values()
    }


async def test_a_domain_and_a_project_in_it(admin: Account, name: str) -> None:
    def template(enabled: bool, tag: str, **project: Any) -> Document:
        domain = resource("OS::Keystone::Domain", name=name, description="d", enabled=enabled)
        inside = resource("OS::Keystone::Project", domain=ref("domain"), tags=[tag], **project)
        names = ("name", "parent_id", "domain_id", "enabled", "is_domain")
        outputs = {each: attr("project", each) for each in names}
        return document({"domain": domain, "project": inside}, **outputs)

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template(True, "a", name=f"{name}-p", description="work"))
    domain, project = stack.ids["domain"], stack.ids["project"]
    assert (await cloud.show(DOMAIN, domain))["description"] == "d"
    shown = await cloud.show(PROJECT, project)
    assert (shown["description"], shown["tags"]) == ("work", ["a"])
    assert stack.outputs == {
        "name": f"{name}-p",
        "parent_id": domain,
        "domain_id": domain,
        "enabled": True,
        "is_domain": False,
    }
    await stacks.update(stack, template(False, "b"))
    assert (stack.ids["domain"], stack.ids["project"]) == (domain, project)
    assert (await cloud.show(DOMAIN, domain))["enabled"] is False
    shown = await cloud.show(PROJECT, project)
    assert (shown["description"], shown["tags"]) == ("", ["b"])
    assert shown["name"].startswith(f"{name}-project-")
    await stacks.update(stack, template(True, "b"))
    await stacks.delete(stack)
    assert await admin.gone(PROJECT, project)
    assert await admin.gone(DOMAIN, domain)


async def test_a_project_moves_to_another_parent_and_keeps_its_name(
    admin: Account, name: str
) -> None:
    def template(**properties: Any) -> Document:
        above = resource("OS::Keystone::Project")
        return document(
            {
                "above": above,
                "project": resource("OS::Keystone::Project", name=name, **properties),
            }
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template())
    before = stack.ids["project"]
    await stacks.update(stack, template(parent=ref("above")))
    assert await admin.gone(PROJECT, before)
    shown = await cloud.show(PROJECT, stack.ids["project"])
    assert (shown["name"], shown["parent_id"]) == (name, stack.ids["above"])
    await stacks.delete(stack)


async def test_users_groups_and_their_roles(admin: Account, name: str) -> None:
    def template(password: str, groups: list[Any], **user: Any) -> Document:
        resources = {
            "role": resource("OS::Keystone::Role"),
            "project": resource("OS::Keystone::Project"),
            "group": resource(
                "OS::Keystone::Group", roles=[{"role": ref("role"), "domain": "default"}]
            ),
            "user": resource(
                "OS::Keystone::User", name=name, password=password, groups=groups, **user
            ),
        }
        names = ("name", "default_project_id", "domain_id", "enabled", "password_expires_at")
        return document(resources, **{each: attr("user", each) for each in names})

    async def members() -> list[str]:
        path = f"/groups/{stack.ids['group']}/users"
        return [each["id"] for each in (await cloud.call("identity", "GET", path))["users"]]

    stacks, cloud = admin.stacks, admin.cloud
    roles = [{"role": ref("role"), "project": ref("project")}]
    given = {"email": "a@example.org", "default_project": ref("project"), "roles": roles}
    stack = await stacks.create(name, template("one", [ref("group")], **given))
    ids, user = stack.ids, stack.ids["user"]
    assert stack.outputs == {
        "name": name,
        "default_project_id": ids["project"],
        "domain_id": "default",
        "enabled": True,
        "password_expires_at": None,
    }
    assert (await cloud.show(USER, user))["email"] == "a@example.org"
    assert await members() == [user]
    assert await granted(admin, f"user.id={user}") == {(ids["role"], ids["project"])}
    assert await granted(admin, f"group.id={ids['group']}") == {(ids["role"], "default")}
    await stacks.update(stack, template("two", [], enabled=False))
    assert stack.ids == ids
    assert (await cloud.show(USER, user))["enabled"] is False
    assert await members() == []
    assert await granted(admin, f"user.id={user}") == set()
    await stacks.delete(stack)
    for entity, each in ((USER, "user"), (GROUP, "group"), (ROLE, "role")):
        assert await admin.gone(entity, ids[each])


@pytest.mark.parametrize("kind", ["User", "Group"])
async def test_role_assignments(admin: Account, name: str, kind: str) -> None:
    def template(actor: str, *roles: Any) -> Document:
        whose: dict[str, Any] = {word: ref(actor)}
        resources = {
            "role": resource("OS::Keystone::Role"),
            "project": resource("OS::Keystone::Project"),
            "one": resource(f"OS::Keystone::{kind}"),
            "two": resource(f"OS::Keystone::{kind}"),
            "assignment": resource(
                f"OS::Keystone::{kind}RoleAssignment", roles=list(roles), **whose
            ),
        }
        return document(resources)

    async def of(actor: str) -> set[tuple[str, str]]:
        return await granted(admin, f"{word}.id={stack.ids[actor]}")

    stacks, word = admin.stacks, kind.lower()
    here = {"role": ref("role"), "project": ref("project")}
    there = {"role": ref("role"), "domain": "default"}
    stack = await stacks.create(name, template("one", here, there))
    role, project = stack.ids["role"], stack.ids["project"]
    assert await of("one") == {(role, project), (role, "default")}
    await stacks.update(stack, template("one", there))
    assert await of("one") == {(role, "default")}
    await stacks.update(stack, template("two", here))
    assert (await of("one"), await of("two")) == (set(), {(role, project)})
    without = {**template("two", here)["resources"]}
    del without["assignment"]
    await stacks.update(stack, document(without))
    assert await of("two") == set()
    await stacks.delete(stack)


async def test_a_service_in_the_catalogue(admin: Account, name: str) -> None:
    def template(address: str, **region: Any) -> Document:
        endpoint = resource(
            "OS::Keystone::Endpoint",
            region=ref("region"),
            service=ref("service"),
            interface="public",
            url=address,
        )
        return document(
            {
                "region": resource("OS::Keystone::Region", id=name, **region),
                "service": resource("OS::Keystone::Service", name=name, type="tickets"),
                "endpoint": endpoint,
            }
        )

    stacks, cloud = admin.stacks, admin.cloud
    stack = await stacks.create(name, template("http://one.example.org", description="d"))
    ids = stack.ids
    assert ids["region"] == name
    assert (await cloud.show(REGION, name))["description"] == "d"
    shown = await cloud.show(SERVICE, ids["service"])
    assert (shown["name"], shown["type"], shown["enabled"]) == (name, "tickets", True)
    shown = await cloud.show(ENDPOINT, ids["endpoint"])
    assert (shown["region_id"], shown["service_id"]) == (name, ids["service"])
    assert (shown["interface"], shown["url"]) == ("public", "http://one.example.org")
    await stacks.update(stack, template("http://two.example.org"))
    assert stack.ids == ids
    assert (await cloud.show(REGION, name))["description"] == ""
    assert (await cloud.show(ENDPOINT, ids["endpoint"]))["url"] == "http://two.example.org"
    await stacks.delete(stack)
    for entity, each in ((ENDPOINT, "endpoint"), (SERVICE, "service"), (REGION, "region")):
        assert await admin.gone(entity, ids[each])


async def test_a_role_needs_one_place(admin: Account, name: str) -> None:
    assignment = resource("OS::Keystone::UserRoleAssignment", user="demo", roles=[{"role": "x"}])
    with pytest.raises(AssertionError, match="must name a project or a domain"):
        await admin.stacks.create(name, document({"it": assignment}))
