"""What machines see of this one: the interpreter, the boot program, the agents."""

import os
import sys
from pathlib import Path

from isotherm.localcloud.hypervisor.keeping import KeeperSettings

_BOOT = Path(__file__).with_name("boot.py")
_PLACE = Path("/run/isotherm")
_USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def settings_for(disks: Path, service: tuple[str, int], agents: Path | None) -> KeeperSettings:
    """`agents` is an environment with the programs that images have (`bin`), and below `image`
    the files that they bring to a disk."""
    python = Path(os.path.realpath(sys.executable))
    shown = {"boot": (_BOOT.parent, _PLACE)}
    if not python.is_relative_to("/usr"):
        base = Path(sys.base_prefix)
        shown["python"] = (base, base)
    inside, path = {}, _USUAL_PATH
    if agents is not None:
        shown["agents"] = (agents, agents)
        path = f"{agents / 'bin'}:{path}"
        if (agents / "image").is_dir():
            inside["image"] = agents / "image"
    return KeeperSettings(
        disks=disks,
        service=service,
        shown=shown,
        inside=inside,
        image="image" if inside else None,
        environment={
            "PATH": path,
            "HOME": "/root",
            "LANG": "C.UTF-8",
            # What the real cloud-init takes for the sign of such a cloud inside of a container.
            "product_name": "OpenStack Nova",
        },
        first=(str(python), "-I", str(_PLACE / _BOOT.name)),
    )
