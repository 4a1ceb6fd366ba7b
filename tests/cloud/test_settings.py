"""Settings from a clouds.yaml entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from isotherm.cloud import Settings, SettingsError

ENTRY = """
clouds:
  here:
    auth:
      auth_url: https://cloud.example:5000/v3
      username: isotherm
      password: hard-to-guess
      project_name: service
      user_domain_name: Services
    region_name: north
    interface: internalURL
    cacert: /etc/ca.pem
    verify: false
  token:
    auth_type: v3token
    auth: {auth_url: x}
  bare:
    auth: {auth_url: https://cloud.example, username: isotherm}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clouds.yaml"
    path.write_text(ENTRY)
    return path


def test_an_entry_is_read(file: Path) -> None:
    assert Settings.from_clouds_yaml("here", file) == Settings(
        auth_url="https://cloud.example:5000/v3",
        username="isotherm",
        password="hard-to-guess",
        project_name="service",
        user_domain_name="Services",
        region="north",
        interface="internal",
        ca_bundle="/etc/ca.pem",
        insecure=True,
    )


def test_the_file_is_found_as_clients_find_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
    assert Settings.from_clouds_yaml("here").username == "isotherm"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("there", "no cloud 'there'"),
        ("token", "auth_type 'v3token'"),
        ("bare", "auth has no password, project_name"),
    ],
)
def test_an_entry_of_no_use_is_explained(file: Path, name: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.from_clouds_yaml(name, file)


@pytest.mark.parametrize("text", ["- a", "clouds: [", "clouds: 7", "\x00"])
def test_a_file_of_no_use_is_explained(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"clouds\.yaml"):
        Settings.from_clouds_yaml("here", file)


def test_the_password_is_not_shown(file: Path) -> None:
    assert "hard-to-guess" not in repr(Settings.from_clouds_yaml("here", file))


def test_a_ca_bundle_that_is_missing_is_explained(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"/etc/ca\.pem"):
        Settings.from_clouds_yaml("here", file).ssl_context()
