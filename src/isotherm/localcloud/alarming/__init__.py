"""Alarming v2: alarms that are evaluated by the cloud's clock, and really call what they name."""

from isotherm.localcloud.alarming.dialect import render
from isotherm.localcloud.alarming.evaluation import NoticingAlarming
from isotherm.localcloud.parts import parts_of
from isotherm.localcloud.service import CatalogEntry, Registration

registration = Registration(
    state=NoticingAlarming,
    mount="/alarming",
    parts=parts_of(__name__),
    render=render,
    paces=("alarm.evaluate",),
    catalog=(CatalogEntry("alarming", "aodh", "/alarming"),),
)
