"""make_url: a URL from its parts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusal, value_of

X = {"get_param": "x"}


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        ({"scheme": "https", "host": "example.org"}, "https://example.org"),
        ({"scheme": "http", "host": "::1", "port": 80}, "http://[::1]:80"),
        ({"scheme": "http", "host": "[::1]", "port": "8080"}, "http://[::1]:8080"),
        (
            {"scheme": "http", "username": "a b", "password": "p/w", "host": "h", "path": "/x y"},
            "http://a%20b:p%2Fw@h/x%20y",
        ),
        ({"scheme": "http", "username": "u", "host": "h"}, "http://u@h"),
        ({"scheme": "http", "password": "p", "host": "h"}, "http://:p@h"),
        (
            {"scheme": "http", "host": "h", "query": {"a": "b c"}, "fragment": "f g"},
            "http://h?a=b+c#f%20g",
        ),
        ({"scheme": "file", "path": "/etc"}, "file:///etc"),
        ({"host": "h"}, "//h"),
        ({"scheme": "http", "host": "h", "port": 1}, "http://h:1"),
        ({"scheme": "http", "host": "h", "port": 65535}, "http://h:65535"),
    ],
)
def test_urls(parts: Any, url: str) -> None:
    assert value_of({"make_url": parts}) == url
    assert value_of({"make_url": X}, given={"x": parts}) == url


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"schema": "http"},
            "a URL has no part 'schema' (did you mean 'scheme'?)",
        ),
        ({"q": "http"}, "(one of scheme, username, password, host, path, fragment, port, query)"),
        ({"scheme": "a:b"}, "the scheme may not contain ':'"),
        ({"host": 5}, "host must be text"),
        ({"query": "a=b"}, "query must be a map"),
        ({"port": 0}, "port must be a number from 1 to 65535"),
        ({"port": 65536}, "port must be a number from 1 to 65535"),
        ({"port": "http"}, "port must be a number from 1 to 65535"),
        (["http"], "write make_url: {scheme: TEXT"),
        ("http://h", "write make_url: {scheme: TEXT"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: Any, words: str) -> None:
    assert words in refusal({"make_url": parts})
    assert words in refusal({"make_url": X}, given={"x": parts})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([X], "write make_url: {scheme: TEXT"),
        ({"hst": X}, "did you mean 'host'?"),
        ({"host": X, "port": "x"}, "port must be a number"),
    ],
)
def test_mistakes_are_seen_before_all_parts_are_known(parts: Any, words: str) -> None:
    assert words in refusal({"make_url": parts}, given={"x": "h"})
