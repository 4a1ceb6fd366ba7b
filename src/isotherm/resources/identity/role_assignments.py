"""OS::Keystone::UserRoleAssignment and GroupRoleAssignment: who may do what, and where."""

from collections.abc import Collection, Set

from isotherm import kit
from isotherm.kit import P, Properties, prop, register, supported
from isotherm.kit.memberships_type import MEMBERS
from isotherm.kit.services.identity import GROUP, USER
from isotherm.resources.identity import grants
from isotherm.resources.identity.grants import Grant


class UserRoles(Properties):
    user: str = prop("User who gets the roles.", finds="keystone.user", sends=None, update_allowed=True)
    roles: list[Grant] | None = prop("Roles, each with where it is given.", sends=None, update_allowed=True)


class GroupRoles(Properties):
    group: str = prop("Group that gets the roles.", finds="keystone.group", sends=None, update_allowed=True)
    roles: list[Grant] | None = prop("Roles, each with where it is given.", sends=None, update_allowed=True)


class RoleAssignment(kit.MembershipsType[P]):
    """The connections are grants, by their paths."""

    def validate(self, properties: kit.Values) -> kit.Problems:
        yield from grants.misplaced(properties)

    async def add(self, ctx: kit.Context[P], member: str) -> None:
        await grants.give(ctx, member)

    async def take(self, ctx: kit.Context[P], member: str) -> None:
        await grants.revoke(ctx, member)

    async def shown(self, ctx: kit.Context[P], members: Collection[str]) -> Set[str]:
        return await grants.given_now(ctx, members)

    def live(self, remote: kit.Remote) -> kit.Values:
        return {"roles": [dict(grants.as_property(each)) for each in remote[MEMBERS]]}


@register("OS::Keystone::UserRoleAssignment", support=supported("5.0.0"))
class UserRoleAssignment(RoleAssignment[UserRoles]):
    """What a user may do, and where."""

    entity = USER

    def members(self, props: UserRoles) -> Set[str]:
        return grants.paths(props.roles, f"{grants.USERS}/{props.user}")


@register("OS::Keystone::GroupRoleAssignment", support=supported("5.0.0"))
class GroupRoleAssignment(RoleAssignment[GroupRoles]):
    """What the users of a group may do, and where."""

    entity = GROUP

    def members(self, props: GroupRoles) -> Set[str]:
        return grants.paths(props.roles, f"{grants.GROUPS}/{props.group}")
