"""Object store: containers of objects, known by their names."""

from isotherm.kit.service import Service, declare

OBJECT_STORE = declare(Service("object-store"))
