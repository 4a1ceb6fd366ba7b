"""Metrics v1, as far as alarms need them: archive policies, resources, metrics, measures."""

from isotherm.localcloud.metric import aggregates, archive_policies, measures, metrics, resources
from isotherm.localcloud.metric.dialect import render
from isotherm.localcloud.metric.state import Metrics
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Metrics,
    mount="/metric",
    routes=(aggregates.versions, measures.routes, aggregates.routes, resources.routes),
    kinds=(archive_policies.POLICIES, metrics.METRICS),
    render=render,
    catalog=(CatalogEntry("metric", "gnocchi", "/metric"),),
)

__all__ = ["registration"]
