"""AWS::RDS::DBInstance: a server with a database, in the words of AWS."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isotherm import kit
from isotherm.kit import Properties, attr, changeable, register
from isotherm.resources.database.instance import Instance, hostname_of

_FLAVORS = "flavors"
"""Key of the private data: ids of flavors by their names."""
_PORT = "3306"


class DbInstanceProperties(Properties):
    storage: str = changeable("Size of its volume in GiB.", name="AllocatedStorage")
    flavor: str = changeable("Flavor; a leading db. is left out.", name="DBInstanceClass")
    database: str = changeable("Name of the database in it.", name="DBName")
    groups: list[Any] | None = changeable("Not supported.", name="DBSecurityGroups")
    engine: str = changeable("Kind of database.", name="Engine", allowed=("MySQL",))
    user: str = changeable("Who may use it.", name="MasterUsername")
    password: str = changeable("Password of that user.", name="MasterUserPassword", secret=True)
    port: str | None = changeable("Port that is told of it.", name="Port")
    key: str | None = changeable("Not supported.", name="KeyName")


@register("AWS::RDS::DBInstance")
class DbInstance(kit.TranslatedType[DbInstanceProperties]):
    """A server with a database, in the words of AWS."""

    target = Instance()
    attributes = (
        attr("Endpoint.Address", doc="Its name, or else its address.", reads=hostname_of),
        attr("Endpoint.Port", doc="Its port.", reads=lambda ctx, _: ctx.props.port or _PORT),
    )

    def words(self, props: DbInstanceProperties, data: kit.Values) -> kit.Fields:
        flavors: Mapping[str, str] = data.get(_FLAVORS) or {}
        user = {"name": props.user, "password": props.password, "databases": [props.database]}
        return {
            "flavor": flavors.get(props.flavor, props.flavor),
            "size": int(props.storage),
            "datastore_type": "mysql",
            "databases": [{"name": props.database}],
            "users": [user],
        }

    async def create(self, ctx: kit.Context[DbInstanceProperties]) -> kit.Outcome:
        if _FLAVORS not in ctx.data:
            await self._find_flavor(ctx)
            return kit.Pending(0, stage="looked")
        return await super().create(ctx)

    async def update(self, ctx: kit.Context[DbInstanceProperties], changes: kit.Changes) -> kit.Outcome:
        if "DBInstanceClass" in changes:
            await self._find_flavor(ctx)
        return await super().update(ctx, changes)

    async def _find_flavor(self, ctx: kit.Context[DbInstanceProperties]) -> None:
        found = await ctx.api.find("trove.flavor", ctx.props.flavor.removeprefix("db."))
        ctx.data[_FLAVORS] = {**ctx.data.get(_FLAVORS, {}), ctx.props.flavor: found}

    def problems(self, properties: kit.Values) -> kit.Problems:
        for name in ("DBSecurityGroups", "KeyName"):
            if properties.get(name) and name in kit.surely_given(properties):
                yield name, "is not supported yet: the database service has no such thing"
        size = properties.get("AllocatedStorage")
        if isinstance(size, str) and not size.isdigit():
            yield "AllocatedStorage", "must be a number"


@register(kit.stand_in_of("AWS::RDS::DBInstance"))
class DbServer(kit.TemplateType):
    """A server with a database, from a template that lies beside this file."""

    def __init__(self) -> None:
        super().__init__(kit.template_file(self.name, Path(__file__).with_name("rds_server.yaml").read_text()))
