"""Ways to log in that users have: in a secret of the key manager, in a file, in variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from keystoneauth1 import exceptions as keystone_errors
from keystoneauth1 import loading
from keystoneauth1.identity.base import BaseIdentityPlugin

from isotherm.cloud.endpoints import base_url
from isotherm.core.errors import Denied

METHODS = frozenset(
    {
        *("password", "v3password", "token", "v3token"),
        *("v3applicationcredential", "v3totp", "v3multifactor"),
    }
)
"""Ways to log in that need nothing but what the secret holds."""


def account_plugin(payload: object) -> tuple[BaseIdentityPlugin, str]:
    """How to log in, and the address of identity there.

    Raises Denied where the secret holds no credentials; nothing of it is quoted.
    """
    given = _opened(payload)
    method, options = given.get("auth_type"), given.get("auth")
    if not isinstance(method, str) or not isinstance(options, Mapping):
        raise _unfit('it is to be {"auth_type": "v3applicationcredential", "auth": {…}}')
    try:
        return log_in_plugin(method, options)
    except ValueError as error:
        raise _unfit(str(error)) from None


def log_in_plugin(method: str, options: Mapping[str, Any]) -> tuple[BaseIdentityPlugin, str]:
    """How to log in, and the address of identity. Raises ValueError, which quotes no value."""
    if method not in METHODS:
        raise ValueError(f"auth_type is to be one of {', '.join(sorted(METHODS))}")
    url = options.get("auth_url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise ValueError("auth has no auth_url")
    if method.startswith("v3"):
        url = base_url("identity", url, "")
    try:
        loader: loading.BaseLoader[Any] = loading.get_plugin_loader(method)
        plugin = loader.load_from_options(**{**options, "auth_url": url})
    except keystone_errors.MissingRequiredOptions as error:
        missing = ", ".join(each.dest for each in error.options)
        raise ValueError(f"auth has no {missing}") from None
    except keystone_errors.OptionError as error:
        raise ValueError(str(error).rstrip(".")) from None
    except (keystone_errors.ClientException, TypeError, ValueError, AttributeError):
        raise ValueError(f"auth does not fit auth_type {method}") from None
    assert isinstance(plugin, BaseIdentityPlugin)
    return plugin, url


def _opened(payload: object) -> Mapping[str, Any]:
    """Key managers give JSON as text, bytes or parsed, as it was stored."""
    if isinstance(payload, str | bytes):
        try:
            payload = msgspec.json.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError):
            payload = None
    if not isinstance(payload, Mapping):
        raise _unfit("it holds no JSON object")
    return payload


def _unfit(why: str) -> Denied:
    return Denied(f"The secret holds no credentials for a cloud: {why}.")
