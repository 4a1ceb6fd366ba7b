"""OS::Keystone::UserRoleAssignment and GroupRoleAssignment: who may do what, and where."""

from collections.abc import Collection, Iterable, Set
from typing import Any

from isotherm import kit
from isotherm.kit import P, Properties, changeable, prop, register, supported
from isotherm.kit.memberships_type import MEMBERS
from isotherm.kit.services.identity import GROUP, USER

USERS, GROUPS = "users", "groups"


class Grant(Properties):
    role: str = prop("Role.", finds="keystone.role")
    project: str | None = prop("Project in which it is given.", finds="keystone.project")
    domain: str | None = prop("Domain in which it is given.", finds="keystone.domain")

    @classmethod
    def problems(cls, given: kit.Values) -> kit.Problems:
        """Each role is given in one place."""
        if not kit.given(given) & {"project", "domain"}:
            yield "", "must name a project or a domain"
        elif kit.surely_given(given) >= {"project", "domain"}:
            yield "", "must not name both a project and a domain"


def paths(grants: Iterable[Grant] | None, whose: str) -> set[str]:
    """The path of each grant; ``whose`` is ``users/ID`` or ``groups/ID``."""
    return {
        f"/projects/{each.project}/{whose}/roles/{each.role}"
        if each.project
        else f"/domains/{each.domain}/{whose}/roles/{each.role}"
        for each in grants or ()
    }


async def give(ctx: kit.Context[Any], path: str) -> None:
    await ctx.api.call("identity", "PUT", path)


async def revoke(ctx: kit.Context[Any], path: str) -> None:
    await ctx.api.call("identity", "DELETE", path)


async def given_now(ctx: kit.Context[Any], among: Collection[str]) -> set[str]:
    """Paths of all grants of those who have the grants ``among``; inherited ones are others."""
    found: set[str] = set()
    for whose in sorted({"/".join(each.split("/")[3:5]) for each in among}):
        kind, _, actor = whose.partition("/")
        query = f"/role_assignments?{kind[:-1]}.id={actor}"
        for each in (await ctx.api.call("identity", "GET", query))["role_assignments"]:
            scope = each["scope"]
            if "OS-INHERIT:inherited_to" in scope:
                continue
            for target in scope.keys() & {"project", "domain"}:
                role = each["role"]["id"]
                found.add(f"/{target}s/{scope[target]['id']}/{whose}/roles/{role}")
    return found


def as_property(path: str) -> kit.Values:
    """A grant as a template gives it."""
    _, targets, target, _, _, _, role = path.split("/")
    return {"role": role, targets[:-1]: target}


async def exchange(ctx: kit.Context[Any], whose: str) -> bool:
    """The grants of an object of ours, after a create or update; whether any call was made."""
    before = paths(ctx.recorded.roles if ctx.recorded else (), whose)
    return await kit.exchange(
        before, paths(ctx.props.roles, whose), add=lambda path: give(ctx, path), remove=lambda path: revoke(ctx, path)
    )


class UserRoles(Properties):
    user: str = changeable("User who gets the roles.", finds="keystone.user", sends=None)
    roles: list[Grant] | None = changeable("Roles, each with where it is given.", sends=None)


class GroupRoles(Properties):
    group: str = changeable("Group that gets the roles.", finds="keystone.group", sends=None)
    roles: list[Grant] | None = changeable("Roles, each with where it is given.", sends=None)


class RoleAssignment(kit.MembershipsType[P]):
    """The connections are grants, by their paths."""

    async def add(self, ctx: kit.Context[P], member: str) -> None:
        await give(ctx, member)

    async def take(self, ctx: kit.Context[P], member: str) -> None:
        await revoke(ctx, member)

    async def shown(self, ctx: kit.Context[P], members: Collection[str]) -> Set[str]:
        return await given_now(ctx, members)

    def live(self, remote: kit.Remote) -> kit.Values:
        return {"roles": [dict(as_property(each)) for each in remote[MEMBERS]]}


@register("OS::Keystone::UserRoleAssignment", support=supported("5.0.0"))
class UserRoleAssignment(RoleAssignment[UserRoles]):
    """What a user may do, and where."""

    entity = USER

    def members(self, props: UserRoles) -> Set[str]:
        return paths(props.roles, f"{USERS}/{props.user}")


@register("OS::Keystone::GroupRoleAssignment", support=supported("5.0.0"))
class GroupRoleAssignment(RoleAssignment[GroupRoles]):
    """What the users of a group may do, and where."""

    entity = GROUP

    def members(self, props: GroupRoles) -> Set[str]:
        return paths(props.roles, f"{GROUPS}/{props.group}")
