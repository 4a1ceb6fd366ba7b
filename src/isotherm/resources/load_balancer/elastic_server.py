"""What stands in for AWS::ElasticLoadBalancing::LoadBalancer in clouds without a load balancer service."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from isotherm import kit
from isotherm.kit import register
from isotherm.resources import balancing_servers
from isotherm.resources.load_balancer.elastic import ElasticProperties, InWordsOfAws

Here = kit.Context[ElasticProperties]
_SERVERS, _TOLD = "servers", "told"
"""Keys of the private data: addresses of the instances by their ids, and what has been told so far."""


@register(kit.stand_in_of("AWS::ElasticLoadBalancing::LoadBalancer"))
class ElasticServer(InWordsOfAws, kit.StackType[ElasticProperties]):
    """A server with HAProxy, from a template that the operator may replace."""

    _template = str(Path(__file__).with_name("elastic_server.yaml"))

    def heed(self, options: Mapping[str, Any]) -> None:
        super().heed(options)
        self._template = options.get("loadbalancer_template") or self._template

    async def create(self, ctx: Here) -> kit.Outcome:
        await self._look(ctx)
        return await super().create(ctx)

    async def update(self, ctx: Here, changes: kit.Changes) -> kit.Outcome:
        present = await ctx.stacks.blueprint(ctx.physical_id)
        ctx.data[_TOLD] = balancing_servers.told(json.loads(present.template)) if present else ""
        await self._look(ctx)
        return await super().update(ctx, changes)

    async def _look(self, ctx: Here) -> None:
        servers = [str(each) for each in ctx.props.instances or ()]
        ctx.data[_SERVERS] = await balancing_servers.addresses_of(ctx.api, servers)

    def blueprint(self, ctx: Here) -> kit.Blueprint:
        template = kit.template_data(Path(self._template).read_text(encoding="utf-8"))
        servers, told = ctx.data.get(_SERVERS) or {}, str(ctx.data.get(_TOLD) or "")
        properties: Any = kit.reveal(ctx.sealed)
        balancing_servers.tell(template, balancing_servers.configuration(properties, servers, told))
        if ctx.props.groups:
            instance = template["Resources"][balancing_servers.INSTANCE]
            instance["Properties"]["SecurityGroupIds"] = list(ctx.props.groups)
        return kit.Blueprint(json.dumps(template), {})

    def attribute(self, ctx: Here, remote: kit.Remote, name: str) -> kit.Value:
        if name in ("CanonicalHostedZoneName", "DNSName"):
            return remote["outputs"].get("PublicIp")
        declared = any(each.name == name for each in self.attributes)
        return "" if declared else super().attribute(ctx, remote, name)
