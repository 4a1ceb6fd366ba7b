"""What every use case is given: the ports, the catalogue, the rules and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field

from isotherm.core.clock import Clock
from isotherm.engine.preparing.definitions import Definer
from isotherm.engine.preparing.present import Present
from isotherm.kit.registry import Registry
from isotherm.ports.bus import Bus
from isotherm.ports.cloud import Cloud
from isotherm.ports.fetcher import Fetcher
from isotherm.ports.store import Store
from isotherm.template import EMPTY_ENVIRONMENT, Environment
from isotherm.usecases.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits and switches, under the option names operators know."""

    max_stacks_per_tenant: int = 512
    max_resources_per_stack: int = 1000
    max_software_configs_per_tenant: int = 4096
    max_software_deployments_per_tenant: int = 4096
    max_snapshots_per_stack: int = 32
    enable_stack_abandon: bool = False
    enable_stack_adopt: bool = False
    observe_on_update: bool = False
    max_template_size: int = 524288
    max_nested_stack_depth: int = 5
    max_json_body_size: int = 1048576
    stack_action_timeout: int = 3600
    """Seconds a traversal may take where its request names no time-out."""
    template_fetch_timeout: float = 60.0
    hidden_stack_tags: tuple[str, ...] = ()
    auth_url: str = ""
    """Where clients without a token are sent."""
    revision: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    store: Store
    bus: Bus
    cloud: Cloud
    registry: Registry
    clock: Clock
    fetcher: Fetcher
    policy: Policy
    settings: Settings = field(default_factory=Settings)
    environment: Environment = EMPTY_ENVIRONMENT
    """The operator's own environment."""

    @property
    def present(self) -> Present:
        """Attributes as they are now."""
        return Present(self.definer, self.clock)

    @property
    def definer(self) -> Definer:
        return Definer(self.store, self.cloud, self.registry, self.environment)
