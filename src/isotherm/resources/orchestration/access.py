"""AWS::IAM::User, AWS::IAM::AccessKey, OS::Heat::AccessPolicy: who may read of the stack from a server."""

from collections.abc import Mapping, Sequence
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register


class AccessPolicyProperties(Properties):
    AllowedResources: list[Any] = prop("Resources whose metadata may be read.")


@register("OS::Heat::AccessPolicy")
class AccessPolicy(kit.ResourceType[AccessPolicyProperties]):
    """Names the resources that users of the stack may read, where they are told to heed it."""

    refers_by = "resource"

    def validate_among(self, properties: kit.Values, find: kit.FindSibling) -> kit.Problems:
        allowed = properties.get("AllowedResources")
        for i, name in enumerate(allowed if isinstance(allowed, list) else ()):
            if isinstance(name, str) and find(name) is None:
                yield f"AllowedResources.{i}", f"the stack has no resource {name}"


class LoginProfile(Properties):
    Password: str | None = prop("Password to log in with.")


class UserProperties(Properties):
    Path: str | None = prop("Not used.")
    Groups: list[Any] | None = prop("Not used.")
    login: LoginProfile | None = prop("How the user logs in.", name="LoginProfile")
    Policies: list[Any] | None = prop("Access policies that the user must heed.")


@register("AWS::IAM::User")
class User(kit.StackUserType[UserProperties]):
    """A user of the stack, who may read of it what policies allow."""

    refers_by = "physical_name"

    def wants_key(self, props: UserProperties) -> bool:
        """Keys are resources of their own."""
        return False

    def password(self, props: UserProperties) -> str:
        chosen = props.login.Password if props.login else None
        return chosen or super().password(props)

    def may_read(self, own: kit.Values, resource: str, siblings: Mapping[str, kit.Neighbour]) -> bool:
        """Every policy that the user must heed has to name the resource."""
        for name in _named(own.get("Policies")):
            policy = siblings.get(name)
            if policy is None or resource not in (policy.properties.get("AllowedResources") or ()):
                return False
        return True

    async def create(self, ctx: kit.Context[UserProperties]) -> kit.Outcome:
        for name in _named(ctx.props.Policies):
            policy = ctx.neighbour(name)
            if policy is None or policy.type != AccessPolicy.name:
                return kit.Failed(f"Policies: the stack has no access policy {name}.", kind="EntityNotFound")
        return await super().create(ctx)


def _named(policies: Sequence[Any] | None) -> list[str]:
    """Policies of the stack; those that AWS has written out are not for here."""
    return [each for each in policies or () if isinstance(each, str)]


class AccessKeyProperties(Properties):
    Serial: int | None = prop("Not used.", implemented=False)
    UserName: str = prop("The user who gets it.")
    Status: str | None = prop("Not used.", implemented=False, allowed=("Active", "Inactive"))


def secret_of(ctx: kit.Context[AccessKeyProperties], _: kit.Remote) -> kit.Value:
    pair = kit.KeyPair.of(ctx.data)
    return kit.Secret(pair.secret) if pair else None


@register("AWS::IAM::AccessKey")
class AccessKey(kit.ResourceType[AccessKeyProperties]):
    """An EC2 key pair of a user of the stack."""

    effectless = False
    made_when_adopted = True
    attributes = (
        attr("UserName", doc="The user who has it.", volatile=True, reads=lambda ctx, _: ctx.props.UserName),
        attr("SecretAccessKey", doc="What signs.", volatile=True, secret=True, reads=secret_of),
    )

    async def create(self, ctx: kit.Context[AccessKeyProperties]) -> kit.Outcome:
        """The pair is recorded before identity gets to know it: it may be told again."""
        pair = kit.KeyPair.invent()
        ctx.data |= pair.data
        return kit.Started(pair.access)

    async def advance(self, ctx: kit.Context[AccessKeyProperties], remote: kit.Remote) -> kit.Outcome:
        user = await ctx.users.find(ctx.props.UserName)
        if user is None:
            return kit.Failed(f"could not find user {ctx.props.UserName}", kind="NotFound")
        pair = kit.KeyPair.of(ctx.data)
        assert pair is not None
        await ctx.users.give_key(user, pair)
        return kit.Ready({})

    async def delete(self, ctx: kit.Context[AccessKeyProperties]) -> kit.Outcome:
        await ctx.users.take_key(ctx.physical_id)
        return kit.Ready({})
