"""Options of a heat.conf that change what stacks do, and that Isotherm does not honour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isotherm.server.option_files import Written
from isotherm.server.options import GROUPS


@dataclass(frozen=True, slots=True)
class NotHonoured:
    """``usual`` is the value that needs no word: what holds where nobody writes it."""

    usual: str
    instead: str


_NOTIFICATIONS = NotHonoured("", "no notifications are sent")
_OWN_LOG = NotHonoured("", "see debug, use_json, log_file and log_dir")
_QUERIES = "queries run apart, within limits of time and memory of their own"
_ONE_ACCOUNT = NotHonoured("", "the account in [keystone_authtoken] is used")
_ADDRESS = NotHonoured("", "name the address by --listen")
_WORKERS = NotHonoured("1", "start as many processes as you like, behind a proxy")
_TLS = NotHonoured("", "put a proxy with TLS in front")
_IDENTITY = NotHonoured("", "identity is where [keystone_authtoken] auth_url says")
_BROKER_TLS = NotHonoured("", "say rabbits:// in transport_url for TLS")
_NO_CORS = NotHonoured("", "pages of other origins are answered without CORS; a proxy can add it")
_ENDPOINTS = NotHonoured("", "[keystone_authtoken] interface, cafile and insecure hold for all")

NOT_HONOURED: dict[str, dict[str, NotHonoured]] = {
    "DEFAULT": {
        "convergence_engine": NotHonoured("true", "there is one engine, which converges"),
        "cloud_backend": NotHonoured("heat.engine.clients.openstackclients", "there is one cloud"),
        "default_log_levels": _OWN_LOG,
        "default_notification_level": _NOTIFICATIONS,
        "default_publisher_id": _NOTIFICATIONS,
        "deferred_auth_method": NotHonoured("trusts", "stacks act by trusts"),
        "keystone_backend": NotHonoured(
            "heat.engine.clients.os.keystone.heat_keystoneclient.ksclientwrapper",
            "there is one way to identity",
        ),
        "log_config_append": _OWN_LOG,
        "max_cinder_api_microversion": NotHonoured("", "each call asks for the version it needs"),
        "max_events_per_stack": NotHonoured("1000", "events are kept as long as their stack"),
        "max_nova_api_microversion": NotHonoured("", "each call asks for the version it needs"),
        "max_ironic_api_microversion": NotHonoured("", "each call asks for the version it needs"),
        "num_engine_workers": NotHonoured("", "start as many `isotherm engine` as you like"),
        "plugin_dirs": NotHonoured(
            "", "plug-ins are packages, or lie in [isotherm] plugin_folders"
        ),
        "reauthentication_auth_method": NotHonoured("", "stacks act by trusts"),
        "region_name_for_shared_services": NotHonoured("", "all services are of one region"),
        "server_keystone_endpoint_type": NotHonoured(
            "", "agents log in where this service does: [keystone_authtoken] auth_url"
        ),
        "stack_scheduler_hints": NotHonoured("false", "schedulers are told nothing of stacks"),
        "syslog_log_facility": _OWN_LOG,
        "template_dir": NotHonoured("/etc/heat/templates", "see environment_dir"),
        "use_syslog": NotHonoured("false", "standard error may be given to any logger"),
    },
    "auth_password": {
        "multi_cloud": NotHonoured("false", "there is one cloud"),
        "allowed_auth_uris": NotHonoured("", "there is one cloud"),
    },
    "clients": dict.fromkeys(
        ("endpoint_type", "ca_file", "cert_file", "key_file", "insecure"), _ENDPOINTS
    ),
    "clients_heat": {"url": NotHonoured("", "remote stacks are found in the catalogue")},
    "clients_keystone": {"auth_uri": _IDENTITY},
    "cors": {"allowed_origin": _NO_CORS},
    "ec2authtoken": {"auth_uri": _IDENTITY},
    **{
        f"heat_api{door}": {
            "bind_host": _ADDRESS,
            "bind_port": _ADDRESS,
            "cert_file": _TLS,
            "key_file": _TLS,
            "workers": _WORKERS,
        }
        for door in ("", "_cfn", "_cloudwatch")
    },
    "database": {
        "slave_connection": NotHonoured("", "reads go to the database that is written"),
    },
    "keystone_authtoken": {
        "auth_type": NotHonoured("password", "the service user has a password"),
        "certfile": NotHonoured("", "clients' certificates are not supported"),
        "keyfile": NotHonoured("", "clients' certificates are not supported"),
    },
    "oslo_messaging_notifications": {"driver": _NOTIFICATIONS},
    "oslo_messaging_rabbit": dict.fromkeys(("ssl", "rabbit_use_ssl", "ssl_ca_file"), _BROKER_TLS),
    "oslo_middleware": {
        "max_request_body_size": NotHonoured("114688", "see [DEFAULT] max_json_body_size"),
    },
    "paste_deploy": {
        "flavor": NotHonoured("keystone", "callers are known by their tokens or signatures"),
    },
    "profiler": {"enabled": NotHonoured("false", "requests are not profiled")},
    "trustee": dict.fromkeys(("auth_type", "auth_section", "username", "password"), _ONE_ACCOUNT),
    "yaql": {
        "limit_iterators": NotHonoured("200", _QUERIES),
        "memory_quota": NotHonoured("10000", _QUERIES),
    },
    "volumes": {
        "backups_enabled": NotHonoured("true", "deletion policy Snapshot needs volume backups"),
    },
}
"""Section and name to what holds instead."""


def not_honoured(written: Sequence[Written]) -> Iterator[str]:
    """One line for each option whose value would change something elsewhere and does not here."""
    named = {each.name for each in written if each.group == "DEFAULT" and each.value.strip()}
    for each in written:
        entry = NOT_HONOURED.get(each.group, {}).get(each.name)
        if entry is None and each.group.startswith("clients_"):
            entry = NOT_HONOURED["clients"].get(each.name)
        if entry is not None and each.value.strip().lower() not in ("", entry.usual):
            yield each.complaint("is not honoured", entry.instead)
        if (each.group, each.name) == ("DEFAULT", "log_dir") and "log_file" not in named:
            # Elsewhere the file would be called after the program.
            yield each.complaint("is not honoured", "name the file in log_file, too")


def left_alone(written: Sequence[Written]) -> Iterator[Written]:
    """Options that nobody here knows, in sections that we share with other programs."""
    for each in written:
        known = {option.name for option in GROUPS.get(each.group, ())}
        if each.name not in known | NOT_HONOURED.get(each.group, {}).keys() and not (
            each.group.startswith(("clients", "oslo_"))
        ):
            yield each
