"""Services of which no object is known here yet; only how they are reached."""

from isotherm.kit.service import Service, declare

CLOUDFORMATION = declare(Service("cloudformation"))
BACKUP = declare(Service("backup", version="v2"))
PLACEMENT = declare(Service("placement", microversions="placement"))
