"""The folder in which an embedded service keeps what must outlive it."""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import yaml

from isotherm.server.errors import ConfigurationError

_REGION = "RegionOne"


class StateFolderInUse(Exception):
    """Another process serves from this folder."""


class StateFolder:
    """Readable by its owner only. ``lock`` keeps a second process out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def create(self) -> None:
        """Raises ConfigurationError where it can be neither made nor used."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._unusable(error) from None

    def lock(self) -> None:
        """Raises StateFolderInUse, ConfigurationError. The lock ends with the process, however it
        ends."""
        try:
            handle = (self.path / "lock").open("a")
        except OSError as error:
            raise self._unusable(error) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise StateFolderInUse(
                f"another process is serving from {self.path}; end it, or name another folder "
                "by --state"
            ) from None
        self._lock = handle

    def close(self) -> None:
        """Let others in; nothing happens where it is not locked."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _unusable(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(
            f"the state folder {self.path} cannot be used: {error.strerror}; "
            "name another one by --state"
        )

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path / 'isotherm.sqlite'}"

    @property
    def key_file(self) -> Path:
        return self.path / "sealing.key"

    @property
    def local_cloud(self) -> Path:
        return self.path / "localcloud"

    @property
    def servers(self) -> Path:
        """The disks of servers that run."""
        return self.local_cloud / "servers"

    @property
    def clouds_file(self) -> Path:
        return self.path / "clouds.yaml"

    @property
    def aws_folder(self) -> Path:
        return self.path / "aws"

    def write_clouds(self, auth_url: str, passwords: Mapping[str, str]) -> None:
        """The accounts of the local cloud, for every OpenStack client; mode 0600.

        ``passwords`` are those of its users demo, admin and isotherm; the last one is the
        service user, for engines and APIs that run as processes of their own.
        """
        clouds = {
            "isotherm": _account(auth_url, "demo", passwords["demo"]),
            "isotherm-admin": _account(auth_url, "admin", passwords["admin"]),
            "isotherm-service": _account(auth_url, "isotherm", passwords["isotherm"], "service"),
        }
        _write(self.clouds_file, yaml.safe_dump({"clouds": clouds}, sort_keys=False))

    def write_aws(self, endpoints: Mapping[str, str], key: tuple[str, str]) -> None:
        """A profile for clients of AWS, with the address of each service by its name there;
        mode 0600. ``key`` is the access key and its secret."""
        self.aws_folder.mkdir(exist_ok=True, mode=0o700)
        services = "".join(
            f"{name} =\n  endpoint_url = {url}\n" for name, url in sorted(endpoints.items())
        )
        profile = f"[default]\nregion = {_REGION}\noutput = json\nservices = isotherm\n"
        _write(self.aws_folder / "config", f"{profile}\n[services isotherm]\n{services}")
        access, secret = key
        _write(
            self.aws_folder / "credentials",
            f"[default]\naws_access_key_id = {access}\naws_secret_access_key = {secret}\n",
        )


def _write(file: Path, text: str) -> None:
    """For its owner only, and never half."""
    draft = file.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)


def _account(auth_url: str, name: str, password: str, project: str = "") -> dict[str, object]:
    """In the project of the user's own name, unless another is given."""
    return {
        "auth": {
            "auth_url": auth_url,
            "username": name,
            "password": password,
            "project_name": project or name,
            "user_domain_name": "Default",
            "project_domain_name": "Default",
        },
        "region_name": _REGION,
        "identity_api_version": "3",
    }
