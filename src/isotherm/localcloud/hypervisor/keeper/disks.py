"""Disks of machines: folders, laid out as an image would have brought them."""

import base64
import contextlib
import os
import shutil
from pathlib import Path
from typing import Any

from .machines import PRIVATE, Machine
from .namespaces import BASE

DRIVE = Path("var/lib/cloud/seed/config_drive")
"""The config drive, as a folder."""
KEPT_ETC = (
    *("alternatives", "ca-certificates", "ca-certificates.conf", "cloud", "debian_version"),
    *("default", "ethertypes", "gai.conf", "group", "host.conf", "inputrc", "issue"),
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "locale.alias", "localtime", "login.defs"),
    *("magic", "mime.types", "nsswitch.conf", "os-release", "passwd", "pam.d", "profile"),
    *("protocols", "rpc", "security", "services", "shells", "skel", "ssl/certs"),
    *("ssl/openssl.cnf", "timezone"),
)


def lay_out(disk: Path, image: str | None) -> None:
    """A new disk: what an image would have brought."""
    for name in PRIVATE:
        (disk / name).mkdir(parents=True, exist_ok=True)
    for name in KEPT_ETC:
        source, target = Path("/etc", name), disk / "etc" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=_unreadable)
        elif os.access(source, os.R_OK):
            shutil.copyfile(source, target, follow_symlinks=not source.is_symlink())
    for name in ("cache", "lib", "log", "spool", "tmp"):
        (disk / "var" / name).mkdir()
    (disk / "var/run").symlink_to("/run")
    (disk / "etc/shadow").write_text("root:*::0:99999:7:::\n")
    (disk / "etc/resolv.conf").write_text("# There is no way out of the local cloud.\n")
    if image is not None:
        shutil.copytree(BASE / image, disk, symlinks=True, dirs_exist_ok=True)


def _unreadable(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not os.access(Path(folder, name), os.R_OK)}


def own_files(machine: Machine, facts: dict[str, Any]) -> None:
    """Files that follow from the server; on a new disk all belongs to the machine's user."""
    disk = machine.disk
    new = not (disk / "etc/hostname").exists()
    files = {Path("etc/hostname"): f"{facts['hostname']}\n".encode()}
    files[Path("etc/hosts")] = facts["hosts"].encode()
    files |= {DRIVE / name: base64.b64decode(text) for name, text in facts["drive"].items()}
    for name, content in files.items():
        place = disk / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.write_bytes(content)
    places = [disk / name for name in (PRIVATE if new else files)]
    places += [path for name in PRIVATE if new for path in (disk / name).rglob("*")]
    with contextlib.suppress(OSError):  # a namespace with one user has no other
        for place in places:
            os.chown(place, machine.user, machine.user, follow_symlinks=False)
