"""The service's account: what is said beside it holds wherever the account stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from isotherm.server.adapters import cloud_settings
from isotherm.server.options import load_options

CLOUDS = """\
clouds:
  own:
    auth: {auth_url: "http://a.example", username: u, password: p, project_name: service}
"""
ENTRY = "[isotherm]\ncloud = own\ncloud_file = {file}\n"
OPTIONS = "[keystone_authtoken]\nauth_url = http://a.example\nusername = u\npassword = p\n"
BESIDE = """\
[DEFAULT]
stack_user_domain_name = heat
stack_domain_admin = keeper
stack_domain_admin_password = keepers
trusts_delegated_roles = member
allow_trusts_redelegation = true
heat_metadata_server_url = http://m.example
"""


@pytest.mark.parametrize("account", [ENTRY, OPTIONS], ids=["clouds.yaml", "options"])
def test_options_beside_the_account_hold(tmp_path: Path, account: str) -> None:
    clouds, config = tmp_path / "clouds.yaml", tmp_path / "isotherm.conf"
    clouds.write_text(CLOUDS)
    config.write_text(account.format(file=clouds) + BESIDE)
    settings = cloud_settings(load_options([config]))
    assert settings.username == "u"
    domain = settings.stack_domain
    assert (domain.name, domain.admin, domain.password) == ("heat", "keeper", "keepers")
    assert (settings.delegated_roles, settings.allow_redelegation) == (("member",), True)
    assert settings.metadata_url == "http://m.example"


def test_the_domains_of_the_account_may_be_named_by_their_ids(tmp_path: Path) -> None:
    config = tmp_path / "isotherm.conf"
    config.write_text(OPTIONS + "user_domain_id = d1\nproject_domain_id = d2\n")
    settings = cloud_settings(load_options([config]))
    assert (settings.user_domain_id, settings.project_domain_id) == ("d1", "d2")
