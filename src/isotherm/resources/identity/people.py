"""OS::Keystone::Domain, Project, Role, Group and User: who works in the cloud, and where."""

from typing import Any

from isotherm import kit
from isotherm.kit import KEEP, Described, Named, attr, changeable, prop, register, supported
from isotherm.kit.services.identity import DOMAIN, GROUP, PROJECT, ROLE, USER
from isotherm.resources.identity import roles
from isotherm.resources.identity.roles import Grant


class DomainProperties(Described):
    enabled: bool = changeable("Whether its users can log in.", default=True)


@register("OS::Keystone::Domain", support=supported("8.0.0"))
class Domain(kit.UndatedType[DomainProperties]):
    """Projects, users and groups with names of their own; all of them go with it."""

    entity = DOMAIN
    claims = (kit.Claim("name of a domain", ("name",)),)

    async def remove(self, ctx: kit.Context[DomainProperties]) -> None:
        """One that is enabled cannot be deleted."""
        await ctx.api.update(DOMAIN, ctx.physical_id, {"enabled": False})
        await super().remove(ctx)


class ProjectProperties(Named):
    domain: str = changeable("Domain that it is in.", default="default", finds="keystone.domain")
    description: str | None = changeable("Description.", default="", clears="")
    enabled: bool = changeable("Whether anybody can work in it.", default=True)
    parent: str | None = prop("Project that it is part of.", finds="keystone.project", since="6.0.0")
    tags: list[Any] = changeable("Tags.", default=[], since="10.0.0")


@register("OS::Keystone::Project", support=supported("2015.1"))
class Project(kit.UndatedType[ProjectProperties]):
    """What users work in, and own things by."""

    entity = PROJECT
    claims = (kit.Claim("name of a project", ("name",)),)
    attributes = (
        attr("name", doc="Its name.", since="10.0.0"),
        attr("parent_id", doc="Project that it is part of, or its domain.", since="10.0.0"),
        attr("domain_id", doc="Domain that it is in.", since="10.0.0"),
        attr("enabled", bool, "Whether anybody can work in it.", since="10.0.0"),
        attr("is_domain", bool, "Whether it stands for a domain.", since="10.0.0"),
    )


class RoleProperties(Named):
    domain: str | None = prop("Domain that it is for.", finds="keystone.domain", since="16.0.0")


@register("OS::Keystone::Role", support=supported("2015.1"))
class Role(kit.UndatedType[RoleProperties]):
    """What users may do, once it is assigned to them."""

    entity = ROLE
    claims = (kit.Claim("name of a role", ("name",)),)

    async def list_named(self, ctx: kit.Context[RoleProperties], name: str) -> list[kit.Remote]:
        """Roles of a domain are listed for that alone."""
        where = {"domain_id": ctx.props.domain} if ctx.props.domain else {}
        return await ctx.api.list(ROLE, name=name, **where)


class GroupProperties(Named):
    domain: str = changeable("Domain that it is in.", default="default", finds="keystone.domain")
    description: str | None = changeable("Description.", default="", clears="")
    roles: list[Grant] | None = changeable("Roles that its users have.", sends=None)


@register("OS::Keystone::Group", support=supported("2015.1"))
class Group(kit.UndatedType[GroupProperties]):
    """Users who have roles together."""

    entity = GROUP
    claims = (kit.Claim("name of a group", ("name",)),)
    completes = ("roles",)

    async def complete(self, ctx: kit.Context[GroupProperties], remote: kit.Remote) -> bool:
        return await roles.exchange(ctx, f"{roles.GROUPS}/{ctx.physical_id}")


class UserProperties(Named):
    domain: str = changeable("Domain that it is in.", default="default", finds="keystone.domain")
    description: str | None = changeable("Description.", default="", clears="")
    enabled: bool = changeable("Whether it can log in.", default=True)
    email: str | None = changeable("E-mail address.")
    password: str | None = changeable("Password.", secret=True, reads=None, clears=KEEP)
    default_project: str | None = changeable(
        "Project that it works in unless it says another.", finds="keystone.project"
    )
    groups: list[str] | None = changeable(
        "Groups that it belongs to.", items=prop("A group.", finds="keystone.group"), sends=None
    )
    roles: list[Grant] | None = changeable("Roles that it has.", sends=None)


@register("OS::Keystone::User", support=supported("2015.1"))
class User(kit.UndatedType[UserProperties]):
    """Somebody who can log in. Memberships and roles go with it."""

    entity = USER
    claims = (kit.Claim("name of a user", ("name",)),)
    completes = ("groups", "roles")
    attributes = (
        attr("name", doc="Its name.", since="9.0.0"),
        attr("default_project_id", doc="Project that it works in unless it says another.", since="9.0.0"),
        attr("domain_id", doc="Domain that it is in.", since="9.0.0"),
        attr("enabled", bool, "Whether it can log in.", since="9.0.0"),
        attr("password_expires_at", doc="Until when its password is good.", since="9.0.0"),
    )

    async def complete(self, ctx: kit.Context[UserProperties], remote: kit.Remote) -> bool:
        moved = await self._join_groups(ctx)
        return await roles.exchange(ctx, f"{roles.USERS}/{ctx.physical_id}") or moved

    async def _join_groups(self, ctx: kit.Context[UserProperties]) -> bool:
        def call(method: str) -> kit.Call:
            return lambda group: ctx.api.call("identity", method, f"/groups/{group}/users/{ctx.physical_id}")

        before = ctx.recorded.groups if ctx.recorded else ()
        return await kit.exchange(before, ctx.props.groups, add=call("PUT"), remove=call("DELETE"))
