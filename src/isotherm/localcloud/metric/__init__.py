"""Metrics v1, as far as alarms need them: archive policies, resources, metrics, measures."""

from isotherm.localcloud.metric.dialect import render
from isotherm.localcloud.metric.state import Metrics
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=Metrics,
    mount="/metric",
    parts=parts_of(__name__),
    render=render,
    catalog=(CatalogEntry("metric", "gnocchi", "/metric"),),
)
