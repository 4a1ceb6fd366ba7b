"""What a service is made of: what the modules of its package declare."""

from importlib import import_module
from pkgutil import iter_modules

from isotherm.localcloud.kinds import Kind
from isotherm.localcloud.routing import Routes
from isotherm.localcloud.service import Part, Transitions


def parts_of(package: str, *, late: str = "") -> tuple[Part, ...]:
    """The kinds, routes and transitions that are named in the package's modules.

    The module `late` has none; it is left to whoever needs it.
    """
    names = [each.name for each in iter_modules(import_module(package).__path__)]
    modules = [import_module(f"{package}.{name}") for name in names if name != late]
    named = [value for module in modules for value in vars(module).values()]
    return tuple(each for each in named if isinstance(each, (Kind, Routes, Transitions)))
