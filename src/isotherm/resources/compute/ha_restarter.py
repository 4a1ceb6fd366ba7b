"""OS::Heat::HARestarter: sets a server up anew whenever it is signalled."""

from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, deprecated, hidden, prop, register
from isotherm.kit.services.compute import SERVER

_ASKED = "asked"


class HaRestarterProperties(Properties):
    server: str = prop("Server.", name="InstanceId", exists="nova.server")


@register("OS::Heat::HARestarter", support=hidden("10.0.0", deprecated("2015.1")))
class HaRestarter(kit.StackUserType[HaRestarterProperties]):
    """Sets a server up anew whenever it is signalled; what boots from a volume is booted anew."""

    takes_signals = True
    attributes = (
        attr(
            "AlarmUrl", doc="Signed address that alarms call.", secret=True, volatile=True, reads=kit.signed_address_of
        ),
    )

    async def equip(self, ctx: kit.Context[HaRestarterProperties]) -> None:
        await self.sign(ctx, kit.Purpose.SIGNAL)

    def receive(self, signalled: kit.Signalled, details: kit.Values | None) -> kit.Received | None:
        """Alarms that end are no reason."""
        state = str((details or {}).get("state", "alarm")).lower()
        if state != "alarm":
            return None
        return kit.Received("Signal received", data={**signalled.data, _ASKED: True}, adjusts=True)

    async def adjust(self, ctx: kit.Context[HaRestarterProperties]) -> kit.Outcome:
        if not ctx.data.get(_ASKED):
            return kit.Ready({})
        server = ctx.props.server
        image: Any = (await ctx.api.show(SERVER, server)).get("image") or {}
        if image:
            await ctx.api.act(SERVER, server, "rebuild", {"imageRef": image["id"]})
        else:
            await ctx.api.act(SERVER, server, "reboot", {"type": "HARD"})
        ctx.data[_ASKED] = False
        return kit.Ready({})
