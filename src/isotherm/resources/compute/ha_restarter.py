"""OS::Heat::HARestarter: has a server made anew whenever it is signalled."""

from isotherm import kit
from isotherm.kit import Properties, attr, deprecated, hidden, prop, register


class HaRestarterProperties(Properties):
    server: str = prop("Server; a resource of the same stack.", name="InstanceId", exists="nova.server")


@register("OS::Heat::HARestarter", support=hidden("10.0.0", deprecated("2015.1")))
class HaRestarter(kit.StackUserType[HaRestarterProperties]):
    """Has a server made anew, and what depends on it updated, whenever it is signalled."""

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
        return kit.Received("Signal received", renews=signalled.properties["InstanceId"])
