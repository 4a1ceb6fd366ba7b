"""OS::Nova::KeyPair: a key that servers let in."""

from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

from isotherm import kit
from isotherm.kit import Properties, attr, prop, register, supported
from isotherm.kit.services.compute import KEY_PAIR

PRIVATE, PUBLIC = "private_key", "public_key"


class KeyPairProperties(Properties):
    name: str = prop("Name.", min_length=1, max_length=255)
    save_private_key: bool = prop("Whether 'private_key' can be read later.", default=False, sends=None)
    public_key: str | None = prop("Public key to import; by default a new pair is made.")
    type: str | None = prop("Kind of key.", allowed=("ssh", "x509"), since="8.0.0")
    user: str | None = prop("User whom it belongs to; administrators only.", finds="keystone.user", since="9.0.0")


Here = kit.Context[KeyPairProperties]


def _kept(ctx: Here, _: kit.Remote) -> kit.Value:
    kept = ctx.data.get(PRIVATE)
    return kept.reveal() if isinstance(kept, kit.Secret) else ""


@register("OS::Nova::KeyPair", support=supported("2014.1"))
class KeyPair(kit.EntityType[KeyPairProperties]):
    """A key that servers let in.

    A private key that is to be kept is made here and recorded before compute hears of
    it: the only answer that compute gives it in could be lost.
    """

    entity = KEY_PAIR
    claims = (kit.Claim("name of a key pair", ("name",)),)
    attributes = (
        attr("public_key", doc="The public key."),
        attr("private_key", doc="The private key, if it was kept.", reads=_kept, volatile=True, secret=True),
    )

    async def create(self, ctx: Here) -> kit.Outcome:
        wants_private = ctx.props.save_private_key and not ctx.props.public_key
        if wants_private and PRIVATE not in ctx.data:
            self._generate(ctx)
            return kit.Pending(0, stage="generated")
        remote = await ctx.api.create(KEY_PAIR, self.create_body(ctx))
        ctx.data[PUBLIC] = remote.get("public_key")
        return kit.Started(ctx.props.name)

    def _generate(self, ctx: Here) -> None:
        # Imported late: slow to load, rarely needed.
        from isotherm.resources.compute.key_generation import generate_ssh, generate_x509

        if ctx.props.type == "x509":
            private, public = generate_x509(ctx.props.user or ctx.stack.user_id, ctx.now)
        else:
            private, public = generate_ssh()
        ctx.data[PRIVATE], ctx.data[PUBLIC] = kit.Secret(private), public

    def create_body(self, ctx: Here) -> kit.Fields:
        """With the public key of the pair that was made here, where one was."""
        made = ctx.data.get(PUBLIC)
        body = super().create_body(ctx)
        return {PUBLIC: made, **body} if made else body

    async def observe(self, ctx: Here) -> kit.Remote | None:
        try:
            reply = await ctx.api.call("compute", "GET", _path(ctx), microversion="2.10")
        except kit.Gone:
            return None
        return dict(reply["keypair"])

    async def find(self, ctx: Here) -> kit.Candidates:
        remote = await self.observe(ctx)
        known = ctx.props.public_key or ctx.data.get(PUBLIC)
        if remote is None or known not in (None, remote.get("public_key")):
            return ()
        # Its predecessor may have gone by the same name, and be named so in its row still.
        return (replace(self.candidate(remote), exclusive=False),)

    async def delete(self, ctx: Here) -> kit.Outcome:
        if not ctx.physical_id:
            return kit.Ready()
        await ctx.api.call("compute", "DELETE", _path(ctx), microversion="2.10")
        return kit.Ready()

    async def make_way(self, ctx: Here) -> None:
        """Names are unique to their user, and a replacement may keep the name."""
        with suppress(kit.Gone):
            await self.delete(ctx)

    async def take_back(self, ctx: Here) -> None:
        with suppress(kit.Exists):  # it never went
            await ctx.api.create(KEY_PAIR, self.create_body(ctx))

    def foreseen(self, properties: kit.Values) -> kit.Values:
        return {PUBLIC: properties.get("public_key"), PRIVATE: ""}


def _path(ctx: Here) -> str:
    path = f"{KEY_PAIR.path}/{quote(ctx.physical_id or ctx.props.name, safe='')}"
    return f"{path}?user_id={quote(ctx.props.user)}" if ctx.props.user else path
