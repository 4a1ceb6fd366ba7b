"""Accounts: one for each project, with its containers."""

from isotherm.localcloud.exchange import Call, Reply
from isotherm.localcloud.object_store.access import require_own
from isotherm.localcloud.object_store.entities import Account
from isotherm.localcloud.object_store.headers import (
    merged,
    metadata_said,
    metadata_shown,
    timestamp,
)
from isotherm.localcloud.object_store.listings import MOST, listed
from isotherm.localcloud.object_store.state import ACCOUNT_PREFIX, ObjectStore, http_date
from isotherm.localcloud.routing import Routes

routes = Routes[ObjectStore]()
_ACCOUNT = "/v1/{account}"


@routes.get("/info", "capabilities.show", open=True)
def show_capabilities(store: ObjectStore, call: Call) -> object:
    return {
        "swift": {
            "version": "2.38.0",
            "account_listing_limit": MOST,
            "container_listing_limit": MOST,
        },
        "tempurl": {
            "methods": ["GET", "HEAD", "PUT", "POST", "DELETE"],
            "allowed_digests": ["sha1", "sha256", "sha512"],
        },
        "versioned_writes": {"allowed_flags": ["x-versions-location", "x-history-location"]},
        "account_quotas": {},
        "container_quotas": {},
    }


@routes.get(_ACCOUNT, "account.list", open=True)
def list_containers(store: ObjectStore, call: Call) -> object:
    account = _account(store, call)
    if call.method == "HEAD":
        return Reply(
            204, None, {"Content-Type": "text/plain; charset=utf-8", **_headers(store, account)}
        )
    rows = (
        {
            "name": each.name,
            "count": len(store.contents(each)),
            "bytes": store.bytes_used(each),
            "last_modified": store.iso(each.created_at),
            "storage_policy": "Policy-0",
        }
        for each in store.of_account(account.id)
    )
    return listed(call, rows, _headers(store, account))


@routes.post(_ACCOUNT, "account.update", status=204, open=True)
@routes.put(_ACCOUNT, "account.create", status=202, open=True)
def update(store: ObjectStore, call: Call) -> None:
    account = _account(store, call)
    account.metadata = merged(account.metadata, metadata_said(call.headers, "account"))
    store.accounts.save(account)


def _account(store: ObjectStore, call: Call) -> Account:
    require_own(call)
    if not call.params["account"].startswith(ACCOUNT_PREFIX):
        call.params["account"] = f"{ACCOUNT_PREFIX}{call.params['account']}"
    return store.account(call.params["account"])


def _headers(store: ObjectStore, account: Account) -> dict[str, str]:
    held = list(store.of_account(account.id))
    return {
        "X-Account-Container-Count": str(len(held)),
        "X-Account-Object-Count": str(sum(len(store.contents(each)) for each in held)),
        "X-Account-Bytes-Used": str(sum(store.bytes_used(each) for each in held)),
        "X-Timestamp": timestamp(account.created_at),
        "Last-Modified": http_date(account.created_at),
        "Accept-Ranges": "bytes",
        **metadata_shown(account.metadata, "account"),
    }
