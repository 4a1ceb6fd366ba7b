"""Makes the adapters that the settings ask for."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

from oslo_config import cfg

from isotherm import cloud
from isotherm.engine.settings import EngineSettings
from isotherm.kit.plugins import Plugins, load_plugins
from isotherm.server.errors import ConfigurationError
from isotherm.usecases.policy import Policy
from isotherm.usecases.policy_files import PolicyError
from isotherm.usecases.services import Settings


def names_cloud(conf: cfg.ConfigOpts) -> bool:
    """Whether the settings name a cloud; otherwise the local one is used."""
    return bool(conf.isotherm.cloud or conf.keystone_authtoken.auth_url)


def cloud_settings(conf: cfg.ConfigOpts) -> cloud.Settings:
    """The service user's account in the cloud that is named. Raises ConfigurationError."""
    try:
        if conf.isotherm.cloud:
            file = Path(conf.isotherm.cloud_file) if conf.isotherm.cloud_file else None
            account = cloud.Settings.from_clouds_yaml(conf.isotherm.cloud, file)
        else:
            account = _account_settings(conf)
    except cloud.SettingsError as error:
        raise ConfigurationError(str(error)) from None
    number = cloud.number_of(conf.database.connection or "")
    return _with_options(
        replace(account, timeout=conf.isotherm.call_seconds, deployment_number=number), conf
    )


def _with_options(account: cloud.Settings, conf: cfg.ConfigOpts) -> cloud.Settings:
    """What is said beside the account, wherever that stands."""
    return replace(
        account,
        read_attempts=conf.client_retry_limit + 1,
        delegated_roles=tuple(conf.trusts_delegated_roles),
        allow_redelegation=conf.allow_trusts_redelegation,
        metadata_url=conf.heat_metadata_server_url or "",
        cloudformation_url=(conf.heat_waitcondition_server_url or "")
        .rstrip("/")
        .removesuffix("/waitcondition"),
        stack_domain=cloud.StackDomainSettings(
            id=conf.stack_user_domain_id or "",
            name=conf.stack_user_domain_name or "",
            admin=conf.stack_domain_admin or "",
            password=conf.stack_domain_admin_password or "",
            role=conf.heat_stack_user_role,
        ),
    )


def _account_settings(conf: cfg.ConfigOpts) -> cloud.Settings:
    account = conf.keystone_authtoken
    missing = [name for name in ("auth_url", "username", "password") if not account[name]]
    if missing:
        raise ConfigurationError(f"[keystone_authtoken] has no {', '.join(missing)}")
    auth_url = account.auth_url.rstrip("/")
    return cloud.Settings(
        auth_url=auth_url if auth_url.endswith("/v3") else f"{auth_url}/v3",
        username=account.username,
        password=account.password,
        project_name=account.project_name,
        user_domain_name=account.user_domain_name,
        project_domain_name=account.project_domain_name,
        user_domain_id=account.user_domain_id or "",
        project_domain_id=account.project_domain_id or "",
        region=account.region_name or conf.region_name_for_services or "",
        interface=account.interface,
        ca_bundle=account.cafile or "",
        insecure=account.insecure,
        token_cache_seconds=account.token_cache_time,
    )


def open_fetcher(conf: cfg.ConfigOpts) -> cloud.WebFetcher:
    """Raises ConfigurationError."""
    return cloud.WebFetcher(allowed_sources(conf))


def open_sender(conf: cfg.ConfigOpts) -> cloud.WebSender:
    """Raises ConfigurationError."""
    return cloud.WebSender(allowed_sources(conf))


def allowed_sources(conf: cfg.ConfigOpts) -> cloud.AllowedSources:
    """Where what users name may lie. Raises ConfigurationError."""
    try:
        return cloud.AllowedSources.parse(conf.isotherm.fetch_from)
    except ValueError as error:
        raise ConfigurationError(f"[isotherm] fetch_from: {error}") from None


_OF_TYPES = (
    "default_deployment_signal_transport",
    "default_software_config_transport",
    "default_user_data_format",
    "loadbalancer_template",
    "max_server_name_length",
)
"""Options that resource types heed."""


def open_plugins(conf: cfg.ConfigOpts) -> Plugins:
    """What others have added; what is wrong with it is logged, and left out."""
    options = {name: conf[name] for name in _OF_TYPES}
    return load_plugins([Path(each) for each in conf.isotherm.plugin_folders], options)


def open_policy(conf: cfg.ConfigOpts) -> Policy:
    """Raises ConfigurationError."""
    try:
        return Policy(conf)
    except PolicyError as error:
        raise ConfigurationError(f"[oslo_policy] policy_file: {error}") from None


def engine_settings(conf: cfg.ConfigOpts) -> EngineSettings:
    lease, days = float(conf.isotherm.lease_seconds), conf.isotherm.deleted_stacks_days
    return EngineSettings(
        # The local cloud dies with its callers, and so do their calls.
        host=conf.host or socket.gethostname(),
        hostname=socket.gethostname(),
        call_seconds=conf.isotherm.call_seconds if names_cloud(conf) else 0.0,
        lease_seconds=lease,
        most_take_overs=conf.isotherm.most_take_overs,
        renew_seconds=lease / 4,
        poll_seconds=conf.isotherm.poll_seconds,
        retry_limit=conf.action_retry_limit,
        first_poll=conf.isotherm.first_poll,
        deleted_stacks_days=days if days >= 0 else None,
        most_software_configs=conf.max_software_configs_per_tenant,
        most_software_deployments=conf.max_software_deployments_per_tenant,
    )


def usecase_settings(conf: cfg.ConfigOpts, auth_url: str, revision: str) -> Settings:
    return Settings(
        max_stacks_per_tenant=conf.max_stacks_per_tenant,
        max_resources_per_stack=conf.max_resources_per_stack,
        max_software_configs_per_tenant=conf.max_software_configs_per_tenant,
        max_software_deployments_per_tenant=conf.max_software_deployments_per_tenant,
        max_snapshots_per_stack=conf.max_snapshots_per_stack,
        enable_stack_abandon=conf.enable_stack_abandon,
        enable_stack_adopt=conf.enable_stack_adopt,
        observe_on_update=conf.observe_on_update,
        max_template_size=conf.max_template_size,
        max_nested_stack_depth=conf.max_nested_stack_depth,
        max_json_body_size=conf.max_json_body_size,
        template_fetch_timeout=conf.template_fetch_timeout,
        stack_action_timeout=conf.stack_action_timeout,
        hidden_stack_tags=tuple(conf.hidden_stack_tags),
        auth_url=conf.keystone_authtoken.www_authenticate_uri or auth_url,
        revision=revision,
    )
