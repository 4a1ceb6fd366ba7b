"""The settings a deployer may write, by the names they have in a heat.conf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from oslo_config import cfg, types

from isotherm.core.suggestions import near_or_all
from isotherm.server.allowed_values import allowed
from isotherm.server.option_files import Written, first_mistake, read_files, unreadable

_LIMITS = [
    cfg.IntOpt(
        "max_stacks_per_tenant",
        default=512,
        min=-1,
        help="Stacks a project may have at a time; -1: no limit.",
    ),
    cfg.IntOpt(
        "max_resources_per_stack",
        default=1000,
        min=-1,
        help="Resources of one stack and everything nested in it; -1: no limit.",
    ),
    cfg.IntOpt(
        "max_software_configs_per_tenant",
        default=4096,
        min=-1,
        help="Software configurations a project may have at a time; -1: no limit.",
    ),
    cfg.IntOpt(
        "max_software_deployments_per_tenant",
        default=4096,
        min=-1,
        help="Software deployments a project may have at a time; -1: no limit.",
    ),
    cfg.IntOpt(
        "max_snapshots_per_stack",
        default=32,
        min=-1,
        help="Snapshots a stack may have at a time; -1: no limit.",
    ),
    cfg.BoolOpt(
        "enable_stack_abandon",
        default=False,
        help="Whether stacks can be exported, and given up with all of their objects left alone.",
    ),
    cfg.BoolOpt(
        "enable_stack_adopt",
        default=False,
        help="Whether stacks can be made of objects that are there already.",
    ),
    cfg.BoolOpt(
        "observe_on_update",
        default=False,
        help="Whether each update looks at all objects first, as one with `converge` does.",
    ),
    cfg.IntOpt(
        "max_nested_stack_depth",
        default=5,
        min=0,
        help="Levels of stacks below a stack of a user.",
    ),
    cfg.StrOpt(
        "host", help="Name of this engine where engines are listed; none: that of the machine."
    ),
    cfg.StrOpt(
        "environment_dir",
        default="/etc/heat/environment.d",
        help="Folder of environment files that hold for all stacks.",
    ),
    cfg.StrOpt(
        "loadbalancer_template",
        help="File of the template that AWS load balancers are made of; none: load balancers of "
        "the cloud, or a template of the service's own where the cloud has none.",
    ),
    cfg.IntOpt(
        "max_template_size", default=524288, min=1, help="Bytes of a template, files apart."
    ),
    cfg.IntOpt("max_json_body_size", default=1048576, min=1, help="Bytes of a request's body."),
    cfg.FloatOpt(
        "template_fetch_timeout",
        default=60.0,
        min=0,
        help="Seconds for fetching a template that a request names by its address.",
    ),
    cfg.IntOpt(
        "stack_action_timeout",
        default=3600,
        min=1,
        help="Seconds for an action whose request names no time-out.",
    ),
    cfg.IntOpt(
        "action_retry_limit",
        default=5,
        min=0,
        help="New attempts after an object went to an error state.",
    ),
    cfg.IntOpt(
        "client_retry_limit", default=2, min=0, help="Repetitions of a read that got no answer."
    ),
    cfg.ListOpt("hidden_stack_tags", default=[], help="Tags of stacks that lists leave out."),
    cfg.ListOpt(
        "trusts_delegated_roles",
        default=[],
        help="Roles passed on to the service; empty: all of the user's.",
    ),
    cfg.BoolOpt(
        "allow_trusts_redelegation",
        default=False,
        help="Whether services that act for a stack may pass on what users delegated.",
    ),
    cfg.StrOpt(
        "heat_stack_user_role",
        default="heat_stack_user",
        help="Role that users made for resources of a stack have in their project.",
    ),
    cfg.StrOpt("stack_user_domain_id", help="Domain of such users; it goes before the name."),
    cfg.StrOpt("stack_user_domain_name", help="Domain of such users, by its name."),
    cfg.StrOpt("stack_domain_admin", help="User who administers that domain."),
    cfg.StrOpt("stack_domain_admin_password", secret=True, help="Its password."),
    cfg.StrOpt(
        "heat_waitcondition_server_url",
        help="Where servers signal without a token, such as `http://HOST:8000/v1/waitcondition`; "
        "none: where the catalogue says that service type cloudformation is.",
    ),
    cfg.StrOpt(
        "heat_metadata_server_url",
        help="Where agents of servers ask for metadata (`POLL_SERVER_CFN`), such as "
        "`http://HOST:8000/v1`; none: where they signal.",
    ),
    cfg.StrOpt(
        "default_software_config_transport",
        default="POLL_SERVER_CFN",
        choices=["POLL_SERVER_CFN", "POLL_SERVER_HEAT", "POLL_TEMP_URL", "ZAQAR_MESSAGE"],
        help="How new servers get their metadata, where the template does not say.",
    ),
    cfg.StrOpt(
        "default_deployment_signal_transport",
        default="CFN_SIGNAL",
        choices=["CFN_SIGNAL", "TEMP_URL_SIGNAL", "HEAT_SIGNAL", "ZAQAR_SIGNAL"],
        help="How servers report on new deployments, where the template does not say.",
    ),
    cfg.StrOpt(
        "default_user_data_format",
        default="HEAT_CFNTOOLS",
        choices=["HEAT_CFNTOOLS", "RAW", "SOFTWARE_CONFIG"],
        help="What new servers boot with, where the template does not say.",
    ),
    cfg.IntOpt(
        "max_server_name_length",
        default=53,
        min=1,
        max=53,
        help="Characters of the names that are made up for servers.",
    ),
    cfg.StrOpt("region_name_for_services", help="Region whose services are used."),
    cfg.StrOpt(
        "auth_encryption_key",
        secret=True,
        help="Seals secrets in the database; none: a key kept in the state folder.",
    ),
    cfg.StrOpt(
        "transport_url",
        secret=True,
        help="RabbitMQ for wake-ups (rabbit://user:password@host:5672/vhost); none: in-process, "
        "or PostgreSQL's own notifications.",
    ),
]

_LOGGING = [
    cfg.BoolOpt("debug", default=False, help="Log what is of use to developers, too."),
    cfg.BoolOpt("use_json", default=False, help="Log one JSON object a line instead of text."),
    cfg.StrOpt(
        "log_file",
        help="File that log lines are added to; none: standard error. It may be moved away at "
        "any time, as log rotation does.",
    ),
    cfg.StrOpt("log_dir", help="Folder of `log_file`, where that is no absolute path."),
]

_DATABASE = [
    cfg.StrOpt(
        "connection",
        secret=True,
        help="SQLAlchemy URL of PostgreSQL, MariaDB or SQLite; none: SQLite in the state folder.",
    ),
]

_ACCOUNT = [
    cfg.StrOpt(
        "auth_url", help="Identity service. No auth_url and no cloud: the built-in local cloud."
    ),
    cfg.StrOpt("www_authenticate_uri", help="Where clients without a token are sent."),
    cfg.StrOpt("username", help="Service user."),
    cfg.StrOpt("password", secret=True, help="Its password."),
    cfg.StrOpt("project_name", default="service", help="Its project."),
    cfg.StrOpt("user_domain_name", default="Default", help="Its domain."),
    cfg.StrOpt("user_domain_id", help="Its domain's id; it goes before the name."),
    cfg.StrOpt("project_domain_name", default="Default", help="Its project's domain."),
    cfg.StrOpt("project_domain_id", help="That domain's id; it goes before the name."),
    cfg.StrOpt("region_name", help="Region of the endpoints that are used."),
    cfg.StrOpt(
        "interface",
        default="public",
        choices=["public", "internal", "admin"],
        help="Which endpoints of the cloud are used.",
    ),
    cfg.StrOpt("cafile", help="File of certificate authorities."),
    cfg.BoolOpt("insecure", default=False, help="Accept any certificate."),
    cfg.IntOpt(
        "token_cache_time",
        default=300,
        min=-1,
        help="Seconds for which a valid token is remembered; -1: not at all.",
    ),
]

_ISOTHERM = [
    cfg.StrOpt("cloud", help="Entry of a clouds.yaml with the service user's account."),
    cfg.StrOpt("cloud_file", help="That clouds.yaml, if not where OpenStack clients look."),
    cfg.IntOpt(
        "lease_seconds",
        default=40,
        min=3,
        help="How long a stack stays owned by a worker that is silent.",
    ),
    cfg.IntOpt(
        "most_take_overs",
        default=10,
        min=1,
        help="How many workers in a row may die or fail while they own a stack before it is failed "
        "as the probable reason.",
    ),
    cfg.FloatOpt(
        "poll_seconds",
        default=5.0,
        min=0.01,
        help="How often a worker looks for work that no wake-up told of.",
    ),
    cfg.FloatOpt(
        "call_seconds",
        default=60.0,
        min=0,
        help="How long a call to the cloud may take, and how long the cloud may go on with one "
        "whose caller has died.",
    ),
    cfg.IntOpt(
        "deleted_stacks_days",
        default=-1,
        min=-1,
        help="Days after which what is known of a deleted stack is removed; -1: never.",
    ),
    cfg.FloatOpt(
        "first_poll",
        default=0.1,
        min=0,
        help="Seconds before the first look at an object that is being made.",
    ),
    cfg.ListOpt(
        "plugin_folders",
        default=[],
        help="Folders with plug-ins that are no installed packages: each module and package in "
        "them is loaded.",
    ),
    cfg.ListOpt(
        "fetch_from",
        default=[],
        help="Where what users name by address may lie beside the public internet: templates, "
        "other clouds, webhooks. Hosts by name, addresses, networks "
        "(templates.example.org,10.20.0.0/16).",
    ),
]

_LOCAL_CLOUD = [
    cfg.BoolOpt(
        "run_servers",
        default=False,
        help="Whether servers of the local cloud really run, each in a sandbox of its own.",
    ),
    cfg.StrOpt(
        "agents",
        help="The folder of the agents that running servers have; by default the one that "
        "`make agents` fills.",
    ),
    cfg.Opt(
        "timings",
        type=types.Dict(types.Float(min=0)),
        default={},
        help="Seconds that operations of the local cloud take (compute.server.create:2.0,…).",
    ),
]

GROUPS: dict[str, Sequence[cfg.Opt]] = {
    "DEFAULT": [*_LIMITS, *_LOGGING],
    "database": _DATABASE,
    "keystone_authtoken": _ACCOUNT,
    "isotherm": _ISOTHERM,
    "localcloud": _LOCAL_CLOUD,
}


OWN_GROUPS = ("isotherm", "localcloud")
"""Sections that no other program reads."""


class OptionError(Exception):
    """A setting cannot be used as it is written; the text says where, and what is allowed."""


def load_options(files: Sequence[Path]) -> cfg.ConfigOpts:
    """Read configuration files, later ones winning. Raises OptionError, which tells all that is
    wrong, a line each.

    Options of other programs in the same file are left alone.
    """
    conf = _read(files)
    written = read_files(files)
    wrong = [each.complaint("no such option", _near(each)) for each in written if is_unknown(each)]
    wrong += _wrong_values(conf, written)
    if wrong:
        raise OptionError("\n".join(wrong))
    return conf


def _read(files: Sequence[Path]) -> cfg.ConfigOpts:
    conf = cfg.ConfigOpts()
    for group, options in GROUPS.items():
        conf.register_opts(options, group=None if group == "DEFAULT" else group)
    try:
        if no_text := [line for line in map(unreadable, files) if line]:
            raise OptionError("\n".join(no_text))
        conf(
            [],
            project="isotherm",
            default_config_files=[str(file) for file in files],
            default_config_dirs=[],
        )
    except cfg.ConfigFileParseError as error:
        raise OptionError(first_mistake(error)) from None
    except (cfg.Error, OSError) as error:
        raise OptionError(str(error)) from None
    return conf


def is_unknown(option: Written) -> bool:
    """Whether it stands in a section of ours, where everything that is known is ours."""
    return option.group in OWN_GROUPS and option.name not in _names(option.group)


def _names(group: str) -> list[str]:
    return [each.name for each in GROUPS[group]]


def _near(option: Written) -> str:
    return near_or_all(option.name, _names(option.group))


def _wrong_values(conf: cfg.ConfigOpts, written: Sequence[Written]) -> Iterator[str]:
    """Every value is looked at here, and not when it is first needed."""
    last = {(each.group, each.name): each for each in written}
    for group, options in GROUPS.items():
        values = conf if group == "DEFAULT" else conf[group]
        for option in options:
            try:
                getattr(values, option.name)
            except (cfg.ConfigFileValueError, ValueError) as error:
                found = last.get((group, option.name))
                if found is None:  # it is the environment's
                    yield str(error)
                    continue
                shown = "this value" if option.secret else repr(found.value)
                yield found.complaint(f"{shown} is not allowed", allowed(option))
