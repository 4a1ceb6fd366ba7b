"""Ids and names: unique, well-formed, also in a forked process and from many threads."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from isotherm.core.ids import new_id, new_token, physical_name


def test_ids_are_random_uuids() -> None:
    ids = [new_id() for _ in range(100)]
    found = [uuid.UUID(each) for each in ids]
    assert {(each.version, each.variant) for each in found} == {(4, uuid.RFC_4122)}
    assert [str(each) for each in found] == ids, "in their canonical form"


def test_many_threads_never_get_the_same() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda _: new_id(), range(5000)))
        tokens = list(threads.map(lambda _: new_token(), range(5000)))
    assert len(set(ids)) == len(ids)
    assert len(set(tokens)) == len(tokens)


def test_tokens_have_the_length_that_is_asked_for_and_every_letter_occurs() -> None:
    assert [len(new_token(length)) for length in (1, 12, 13, 40)] == [1, 12, 13, 40]
    assert len(set(new_token(5000))) == 36


def test_names_keep_within_their_limit() -> None:
    assert physical_name("stack", "resource", "token") == "stack-resource-token"
    assert len(physical_name("s" * 300, "r" * 300, "t" * 12, 63)) <= 63
