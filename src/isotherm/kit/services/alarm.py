"""Alarms."""

from isotherm.kit.service import Service, declare

ALARMS = declare(Service("alarm", version="v2"))

ALARM = ALARMS.entity("", "/alarms", "alarms", id_field="alarm_id")
