"""Settings from a clouds.yaml entry."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from tests.cloud.clocks import TurnedClock

from isotherm.cloud import OpenStackCloud, Settings, SettingsError
from isotherm.core.errors import Busy

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


def test_domains_may_be_named_by_their_ids(file: Path) -> None:
    named = "user_domain_name: Services"
    by_id = "user_domain_id: d1\n      project_domain_id: d2"
    file.write_text(ENTRY.replace(named, by_id))
    settings = Settings.from_clouds_yaml("here", file)
    assert (settings.user_domain_id, settings.project_domain_id) == ("d1", "d2")


def test_the_file_is_found_as_clients_find_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(file))
    assert Settings.from_clouds_yaml("here").username == "isotherm"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("there", r"no cloud 'there' in .*clouds.yaml \(did you mean 'here'"),
        ("x", r"no cloud 'x' in .*clouds.yaml \(one of here, token, bare\)"),
        ("token", "auth_type 'v3token'"),
        ("bare", "auth has no password, project_name"),
    ],
)
def test_an_entry_of_no_use_is_explained(file: Path, name: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Settings.from_clouds_yaml(name, file)


APPLICATION = """
clouds:
  app:
    auth_type: v3applicationcredential
    auth: {auth_url: "https://cloud.example/v3", application_credential_id: a, %s: of-the-file}
    region_name: north
"""


def test_who_delegates_nothing_may_log_in_by_any_credentials(file: Path) -> None:
    file.write_text(APPLICATION % "application_credential_secret")
    found = Settings.from_clouds_yaml("app", file, delegates=False)
    assert (found.auth_url, found.region) == ("https://cloud.example/v3", "north")
    assert found.log_in is not None
    assert found.log_in[0] == "v3applicationcredential"
    assert "of-the-file" not in repr(found)
    with pytest.raises(SettingsError, match="cannot take on trusts; use password"):
        Settings.from_clouds_yaml("app", file)


def test_credentials_that_are_not_complete_are_explained(file: Path) -> None:
    file.write_text(APPLICATION % "secret")
    with pytest.raises(SettingsError, match=r"Cloud 'app' in .*: ") as raised:
        Settings.from_clouds_yaml("app", file, delegates=False)
    assert "of-the-file" not in str(raised.value)


def test_a_token_in_the_environment_is_enough() -> None:
    found = Settings.from_environment(
        {"OS_AUTH_URL": "https://c/v3", "OS_AUTH_TYPE": "v3token", "OS_TOKEN": "t"}
        | {"OS_PROJECT_ID": "p", "OS_REGION_NAME": "north"}
    )
    assert found.log_in is not None
    assert found.log_in[1] == {"auth_url": "https://c/v3", "token": "t", "project_id": "p"}
    with pytest.raises(SettingsError, match="OS_ variables are not enough: auth_type is to be one"):
        Settings.from_environment({"OS_AUTH_URL": "https://c/v3", "OS_AUTH_TYPE": "v3kerberos"})


@pytest.mark.parametrize("user", [{"OS_USERNAME": "u"}, {"OS_USER_ID": "u1"}], ids=str)
def test_a_project_may_be_named_by_its_id_alone(user: dict[str, str]) -> None:
    given = {"OS_AUTH_URL": "https://c/v3", "OS_PASSWORD": "p", "OS_PROJECT_ID": "p1", **user}
    found = Settings.from_environment(given)
    assert found.log_in is not None
    kind, auth = found.log_in
    assert (kind, auth["project_id"]) == ("v3password", "p1")
    with pytest.raises(SettingsError, match="password"):
        Settings.from_environment({**given, "OS_PASSWORD": ""})


@pytest.mark.parametrize("text", ["- a", "clouds: [", "clouds: 7", "\x00"])
def test_a_file_of_no_use_is_explained(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"clouds\.yaml"):
        Settings.from_clouds_yaml("here", file)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"clouds:\n\there: {}\n", r"clouds.yaml:2:1: no YAML: found character .* cannot start"),
        (b"clouds: Gr\xfc\xdfe\n", "cannot be read: it is not UTF-8 text"),
        (b"", "there is no section 'clouds' in it"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_line(
    file: Path, content: bytes, says: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=says) as raised:
        Settings.from_clouds_yaml("here", file)
    assert "\n" not in str(raised.value)


def test_where_no_file_is_it_is_said_how_to_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "none.yaml"))
    with pytest.raises(SettingsError, match=r"looked at .*none.yaml.* OS_CLIENT_CONFIG_FILE may"):
        Settings.from_clouds_yaml("here")


async def test_identity_that_is_away_is_told_in_few_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
    account = Settings(
        auth_url=f"http://127.0.0.1:{port}/v3", username="u", password="p", project_name="p"
    )
    cloud = OpenStackCloud(account, TurnedClock())
    api = await cloud.connect_account()
    with pytest.raises(Busy) as raised:
        await api.call("orchestration", "GET", "/stacks")
    await cloud.close()
    told = f"Identity cannot be reached at http://127.0.0.1:{port}: Connection refused"
    assert raised.value.message == told


def test_the_password_is_not_shown(file: Path) -> None:
    assert "hard-to-guess" not in repr(Settings.from_clouds_yaml("here", file))


def test_a_ca_bundle_that_is_missing_is_explained(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"/etc/ca\.pem"):
        Settings.from_clouds_yaml("here", file).ssl_context()
