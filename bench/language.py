"""The language: what reading, binding and validating a template of many resources costs.

``python -m bench.language`` prints seconds for templates that grow, and the CPU time that
the service spends on one request to validate a template of 1,000 resources.
"""

from __future__ import annotations

import itertools
import json
import statistics
import time
from dataclasses import dataclass

import uvloop
from oslo_config import cfg

from isotherm.bus.embedded import EmbeddedBus
from isotherm.kit.registry import Registry, load_registry
from isotherm.server.real_clock import RealClock
from isotherm.template import (
    EMPTY_ENVIRONMENT,
    Limits,
    PseudoParameters,
    bind,
    parse_template,
    validate,
)
from isotherm.testing.pages import Pages
from isotherm.testing.store import MemoryStore
from isotherm.testing.token_cloud import TokenCloud, a_caller
from isotherm.usecases.policy import Policy
from isotherm.usecases.services import Services, Settings
from isotherm.usecases.sources import SourceRequest
from isotherm.usecases.templates import TemplateRequest, check_template

SIZES = (1_000, 10_000, 50_000)
RUNS = 5
_LIMITS = Limits(size=2**30, nodes=10_000_000)
_PSEUDO = PseudoParameters("stack-id", "stack", "region", "project")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU for each stage."""

    parse: float
    bind: float
    validate: float

    @property
    def total(self) -> float:
        return self.parse + self.bind + self.validate


def template(resources: int) -> str:
    """YAML text: half volumes, half values that refer to them."""
    head = "heat_template_version: 2021-04-16\nparameters: {kind: {type: string, default: x}}\n"
    return f"{head}resources:\n" + "".join(map(_pair, range(resources // 2)))


def _pair(index: int) -> str:
    return f"""\
  volume_{index}:
    type: OS::Cinder::Volume
    properties: {{ size: {index % 50 + 1}, name: volume-{index} }}
  value_{index}:
    type: OS::Heat::Value
    properties:
      value:
        str_replace:
          template: $kind $id of $size
          params:
            $kind: {{ get_param: kind }}
            $id: {{ get_resource: volume_{index} }}
            $size: {{ get_attr: [volume_{index}, size] }}
"""


def cost(text: str, types: Registry) -> Cost:
    times = [time.process_time()]
    parsed, problems = parse_template(text, limits=_LIMITS)
    times.append(time.process_time())
    definition = bind(parsed, EMPTY_ENVIRONMENT, pseudo=_PSEUDO, files={})
    times.append(time.process_time())
    found = validate(definition, types)
    times.append(time.process_time())
    assert not [*problems, *found]
    return Cost(*(after - before for before, after in itertools.pairwise(times)))


async def validate_request(body: str) -> float:
    """CPU seconds of one request to validate, from its body to the answer."""
    conf = cfg.ConfigOpts()
    conf([], default_config_files=[], default_config_dirs=[])
    caller = a_caller("demo")
    clock = RealClock()
    services = Services(
        store=MemoryStore(clock),
        bus=EmbeddedBus(),
        cloud=TokenCloud({caller.token: caller}, offered=frozenset({"block-storage"})),
        registry=load_registry(),
        clock=clock,
        fetcher=Pages(),
        policy=Policy(conf),
        settings=Settings(auth_url="http://identity.example/v3"),
    )
    times = []
    for _ in range(RUNS):
        before = time.process_time()
        source = SourceRequest(template=json.loads(body)["template"])
        await check_template(services, caller, TemplateRequest(source=source))
        times.append(time.process_time() - before)
    return statistics.median(times)


def main() -> None:
    types = load_registry()
    row = "{:>9} {:>8} {:>8} {:>9} {:>8} {:>13}"
    print(row.format("resources", "parse s", "bind s", "validate s", "total s", "µs/resource"))
    for size in SIZES:
        found = cost(template(size), types)
        seconds = (f"{each:.3f}" for each in (found.parse, found.bind, found.validate, found.total))
        print(row.format(f"{size:,}", *seconds, f"{found.total / size * 1e6:.0f}"))
    text = template(1_000)
    print("\nrequest to validate 1,000 resources, CPU ms")
    for kind, sent in (("as JSON", parse_template(text)[0].data), ("as YAML text", text)):
        spent = uvloop.run(validate_request(json.dumps({"template": sent})))
        print(f"{kind:<13} {spent * 1000:.0f}")


if __name__ == "__main__":
    main()
