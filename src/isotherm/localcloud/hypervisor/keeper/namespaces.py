"""The way into namespaces of the keeper's own."""

import os
import signal
from pathlib import Path

from .kernel import (
    DEATH_SIGNAL,
    MS_BIND,
    MS_PRIVATE,
    MS_REC,
    NEWIPC,
    NEWNET,
    NEWNS,
    NEWPID,
    NEWUSER,
    NEWUTS,
    call,
    mount,
)
from .talk import Talk

BASE = Path("/mnt")
"""Where the folders that machines may see are mounted, in this namespace only."""


def _mount_folders(folders: dict[str, str]) -> None:
    """Folders of the machine outside, at names of their own below BASE: their owner, but not
    the user that machines run as, may pass through what lies above them."""
    mount("none", Path("/"), None, MS_REC | MS_PRIVATE)
    mount("isotherm", BASE, "tmpfs", data="mode=755")
    for name, source in folders.items():
        (BASE / name).mkdir()
        mount(source, BASE / name, None, MS_BIND | MS_REC)


def _take_user(talk: Talk, mapped: bool) -> None:
    """Be root of a new user namespace; where we are root outside, a range of users that own
    nothing there stands behind it, written by who started us."""
    user, group = os.getuid(), os.getgid()
    if mapped:
        call("unshare", NEWUSER)
        talk.tell("unshared")
        talk.hear()
        os.setgroups([])
    else:
        call("unshare", NEWUSER | NEWNS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def enter(talk: Talk, folders: dict[str, str], mapped: bool) -> None:
    """Returns in the first process of the new namespaces."""
    if mapped:
        call("unshare", NEWNS)
        _mount_folders(folders)
        _take_user(talk, mapped)
        call("unshare", NEWNS)
    else:
        _take_user(talk, mapped)
        _mount_folders(folders)
    call("unshare", NEWNET | NEWIPC | NEWUTS | NEWPID)
    call("prctl", DEATH_SIGNAL, signal.SIGKILL)
    child = os.fork()
    if child:
        talk.close()
        os.waitpid(child, 0)
        os._exit(0)
    call("prctl", DEATH_SIGNAL, signal.SIGKILL)
    mount("proc", Path("/proc"), "proc")
