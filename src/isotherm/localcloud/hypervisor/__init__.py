"""Servers that run: each a process tree of its own, kept apart by the kernel's namespaces.

`keeper/` and `boot.py` are programs that stand alone: the first holds the namespaces in which
all machines live, the second is a machine's first process. `hypervisor.py` carries out what
compute orders (`machines.py`) by telling the keeper.
"""

from isotherm.localcloud.hypervisor.hypervisor import Hypervisor
from isotherm.localcloud.hypervisor.keeping import CannotRunServersError, Keeper, KeeperSettings
from isotherm.localcloud.hypervisor.settings import settings_for

__all__ = ["CannotRunServersError", "Hypervisor", "Keeper", "KeeperSettings", "settings_for"]
