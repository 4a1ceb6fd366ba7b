"""What a worker lends to every traversal it runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from isotherm.core.clock import Clock
from isotherm.engine.probe import Probe
from isotherm.engine.recording.durations import Durations
from isotherm.engine.settings import EngineSettings
from isotherm.engine.waiting.news import News
from isotherm.engine.waiting.poller import Poller
from isotherm.kit.lifecycle import Lifecycle
from isotherm.kit.registry import Registry
from isotherm.ports.metrics import NO_METRICS, Metrics
from isotherm.ports.sender import Sender
from isotherm.ports.store import Store
from isotherm.template import EMPTY_ENVIRONMENT, Environment


@dataclass(frozen=True, slots=True)
class Tools:
    """``environment`` is the operator's own, ``lifecycles`` are what plug-ins do before and after
    operations, in their order."""

    store: Store
    clock: Clock
    types: Registry
    settings: EngineSettings
    poller: Poller
    durations: Durations
    probe: Probe
    sender: Sender
    metrics: Metrics = NO_METRICS
    news: News = field(default_factory=News)
    environment: Environment = EMPTY_ENVIRONMENT
    lifecycles: tuple[Lifecycle, ...] = ()
