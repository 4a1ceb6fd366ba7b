"""Alarming v2: alarms that are evaluated by the cloud's clock, and really call what they name."""

from isotherm.localcloud.alarming import alarms, history
from isotherm.localcloud.alarming.dialect import render
from isotherm.localcloud.alarming.evaluation import NoticingAlarming, transitions
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=NoticingAlarming,
    mount="/alarming",
    routes=(history.versions, history.routes),
    kinds=(alarms.ALARMS,),
    render=render,
    transitions=transitions,
    paces=("alarm.evaluate",),
    catalog=(CatalogEntry("alarming", "aodh", "/alarming"),),
)

__all__ = ["registration"]
