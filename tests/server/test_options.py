"""Settings mean what they mean in a heat.conf, also where nobody writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from isotherm.server.adapters import open_fetcher, open_plugins
from isotherm.server.errors import ConfigurationError
from isotherm.server.heat_options import NOT_HONOURED, not_honoured
from isotherm.server.option_files import read_files
from isotherm.server.options import GROUPS, OptionError, load_options

USUAL = {
    "action_retry_limit": 5,
    "client_retry_limit": 2,
    "hidden_stack_tags": [],
    "max_json_body_size": 1_048_576,
    "max_nested_stack_depth": 5,
    "max_resources_per_stack": 1000,
    "max_stacks_per_tenant": 512,
    "max_template_size": 524_288,
    "stack_action_timeout": 3600,
}


@pytest.mark.parametrize(("name", "value"), USUAL.items())
def test_limits_are_the_usual_ones(name: str, value: Any) -> None:
    assert load_options([])[name] == value


def test_later_files_win_and_options_of_others_are_left_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "1.conf", tmp_path / "2.conf"
    first.write_text("[DEFAULT]\nmax_template_size = 1\nmax_nested_stack_depth = 2\nother = x\n")
    second.write_text("[DEFAULT]\nmax_template_size = 3\nhidden_stack_tags = a,b\n")
    found = load_options([first, second])
    assert (found.max_template_size, found.max_nested_stack_depth) == (3, 2)
    assert found.hidden_stack_tags == ["a", "b"]


def test_places_to_fetch_from_that_mean_nothing_are_named(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text("[isotherm]\nfetch_from = templates.example.org, 10.0.0.0/99\n")
    with pytest.raises(ConfigurationError, match=r"fetch_from: 10.0.0.0/99 is neither"):
        open_fetcher(load_options([file]))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "[isotherm]\nlease_second = 40\n",
            "[isotherm] lease_second: no such option; did you mean 'lease_seconds'?",
        ),
        (
            "[isotherm]\nlease_seconds = soon\n",
            "[isotherm] lease_seconds: 'soon' is not allowed; a whole number of 3 or more",
        ),
        (
            "[isotherm]\nlease_seconds = 1\n",
            "[isotherm] lease_seconds: '1' is not allowed; a whole number of 3 or more",
        ),
        (
            "[keystone_authtoken]\ninterface = outer\n",
            (
                "[keystone_authtoken] interface: 'outer' is not allowed; "
                "one of public, internal, admin"
            ),
        ),
        ("[DEFAULT]\ndebug = maybe\n", "[DEFAULT] debug: 'maybe' is not allowed; true or false"),
        (
            "[localcloud]\ntimings = compute.server.create:fast\n",
            (
                "[localcloud] timings: 'compute.server.create:fast' is not allowed; "
                "name:value,name:value, each value a number of 0 or more"
            ),
        ),
        ("[isotherm\nx\n", "isotherm.conf"),
    ],
)
def test_what_is_wrong_is_told_with_file_option_and_what_is_allowed(
    text: str, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text(text)
    with pytest.raises(OptionError) as raised:
        load_options([file])
    assert complaint in str(raised.value)
    assert str(file) in str(raised.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text("[DEFAULT]\ndebug = maybe\nmax_stacks_per_tenant = lots\n[isotherm]\nx = 1\n")
    with pytest.raises(OptionError) as caught:
        load_options([file])
    told = str(caught.value).splitlines()
    assert [line.split(": ")[1] for line in told] == [
        "[isotherm] x",
        "[DEFAULT] max_stacks_per_tenant",
        "[DEFAULT] debug",
    ]


def test_a_file_that_is_no_text_is_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_bytes(b"[DEFAULT]\nhost = Gr\xfc\xdfe\n")
    with pytest.raises(OptionError, match=r"isotherm.conf:2: a byte that is not UTF-8"):
        load_options([file])


def test_a_line_that_cannot_be_read_is_named_once(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text("[DEFAULT]\nhost\n")
    with pytest.raises(OptionError) as refused:
        load_options([file])
    assert str(refused.value).startswith(f"{file}:2: ")
    assert str(refused.value).count(str(file)) == 1


def test_what_would_change_something_and_does_not_is_told(tmp_path: Path) -> None:
    file = tmp_path / "heat.conf"
    file.write_text(
        "[DEFAULT]\nmax_events_per_stack = 3\ndeferred_auth_method = trusts\n"
        "max_nova_api_microversion = of-the-file\nrpc_response_timeout = 60\n"
        "[clients_nova]\nendpoint_type = internalURL\n"
        "[cache]\nenabled = true\n"
        "[heat_api]\nbind_port = 8004\nworkers = 1\n[clients_heat]\nurl = http://heat\n"
        "[yaql]\nlimit_iterators = 400\nmemory_quota = 10000\n"
    )
    told = list(not_honoured(read_files([file])))
    assert [each.partition(": ")[2].partition(":")[0] for each in told] == [
        "[DEFAULT] max_events_per_stack",
        "[DEFAULT] max_nova_api_microversion",
        "[clients_nova] endpoint_type",
        "[heat_api] bind_port",
        "[clients_heat] url",
        "[yaql] limit_iterators",
    ]
    assert "of-the-file" not in str(told)


def test_no_option_is_both_honoured_and_not() -> None:
    for group, options in NOT_HONOURED.items():
        assert not {each.name for each in GROUPS.get(group, ())} & options.keys()


def test_the_environment_goes_before_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text("[isotherm]\nlease_seconds = 50\n")
    monkeypatch.setenv("OS_ISOTHERM__LEASE_SECONDS", "60")
    assert load_options([file]).isotherm.lease_seconds == 60
    monkeypatch.setenv("OS_ISOTHERM__LEASE_SECONDS", "soon")
    with pytest.raises(OptionError, match="lease_seconds"):
        load_options([])


def test_types_heed_the_operators_defaults(tmp_path: Path) -> None:
    file = tmp_path / "heat.conf"
    file.write_text(
        "[DEFAULT]\n"
        "default_software_config_transport = ZAQAR_MESSAGE\n"
        "default_deployment_signal_transport = TEMP_URL_SIGNAL\n"
        "default_user_data_format = SOFTWARE_CONFIG\n"
        "max_server_name_length = 20\n"
    )
    types = open_plugins(load_options([file])).registry

    def default(type_name: str, name: str) -> Any:
        schema = types.lookup(type_name)
        assert schema is not None
        return schema.properties[name].default

    for server in ("OS::Nova::Server", "OS::Heat::DeployedServer"):
        assert default(server, "software_config_transport") == "ZAQAR_MESSAGE"
        assert types[server].name_limit == 20
    assert default("OS::Nova::Server", "user_data_format") == "SOFTWARE_CONFIG"
    for kind in ("Software", "Structured"):
        for form in ("Deployment", "DeploymentGroup", "Deployments"):
            assert default(f"OS::Heat::{kind}{form}", "signal_transport") == "TEMP_URL_SIGNAL"


@pytest.mark.parametrize(
    "line",
    [
        "default_software_config_transport = PIGEON",
        "default_deployment_signal_transport = NO_SIGNAL",
        "default_user_data_format = XML",
        "max_server_name_length = 54",
    ],
)
def test_defaults_that_cannot_be_are_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "heat.conf"
    file.write_text(f"[DEFAULT]\n{line}\n")
    with pytest.raises(OptionError, match=line.partition(" ")[0]):
        load_options([file])


def test_a_folder_for_a_log_without_a_name_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "isotherm.conf"
    file.write_text("[DEFAULT]\nlog_dir = /var/log/heat\n")
    (told,) = not_honoured(read_files([file]))
    assert "log_dir" in told
    assert "log_file" in told
    file.write_text("[DEFAULT]\nlog_dir = /var/log/heat\nlog_file = heat.log\n")
    assert not list(not_honoured(read_files([file])))
