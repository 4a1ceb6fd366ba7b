"""Any value that can be kept comes back as it was."""

from __future__ import annotations

import base64
import json
import math
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isotherm.core.values import Secret, Unknown
from isotherm.store.encoding import Encoding
from isotherm.store.sealing import Key, Sealer, UnsealableError

encoding = Encoding(Sealer(Key.from_passphrase("passphrase")))

_words = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["$sealed", "$sealed$", "after", '"$sealed"', "$"]
)
_plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
_values = st.recursive(
    _plain | _words,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(_words, inner, max_size=4)
        | st.builds(Secret, inner)
    ),
    max_leaves=20,
)


@given(_values)
def test_decoding_undoes_encoding(value: Any) -> None:
    assert encoding.decode(encoding.encode(value, "row"), "row") == value
    assert encoding.unseal(encoding.seal(value, "row"), "row") == value


def test_no_secret_is_readable() -> None:
    text = encoding.encode({"a": Secret("hidden-word"), "b": [Secret({"c": "hidden-word"})]}, "row")
    assert "hidden-word" not in text
    assert "hidden-word" not in encoding.seal("hidden-word", "row")


@pytest.mark.parametrize(
    "value", [Unknown("x"), [Unknown()], {"a": Secret(Unknown("x"))}, object()]
)
def test_what_is_no_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be stored"):
        encoding.encode(value, "row")


def test_mappings_and_tuples_become_maps_and_lists() -> None:
    value = MappingProxyType({"a": (1, MappingProxyType({"$sealed": Secret("x")}))})
    expected = {"a": [1, {"$sealed": Secret("x")}]}
    assert encoding.decode(encoding.encode(value, "row"), "row") == expected


@pytest.mark.parametrize("number", [math.inf, -math.inf])
def test_numbers_without_end_are_kept(number: float) -> None:
    value = {"a": [number, None], "b": Secret(number), "$number": 1}
    assert encoding.decode(encoding.encode(value, "row"), "row") == value


def test_what_is_no_number_is_kept() -> None:
    kept = encoding.decode(encoding.encode({"a": math.nan, "n": None}, "row"), "row")
    assert math.isnan(kept["a"])
    assert kept["n"] is None


def test_two_secrets_of_a_row_cannot_change_places() -> None:
    text = encoding.encode({"mine": Secret("m"), "yours": Secret("y")}, "row")
    first, second = (each["$sealed"] for each in json.loads(text).values())
    swapped = text.replace(first, "?").replace(second, first).replace("?", second)
    assert encoding.decode(text, "row") == {"mine": Secret("m"), "yours": Secret("y")}
    with pytest.raises(UnsealableError):
        encoding.decode(swapped, "row")


def test_what_was_sealed_for_a_row_as_a_whole_opens() -> None:
    key = Key.from_passphrase("passphrase")
    nonce = b"n" * 12
    sealed = base64.b64encode(nonce + key.cipher.encrypt(nonce, b'"m"', b"row")).decode()
    text = json.dumps({"a": {"$sealed": f"1:{key.id}:{sealed}"}})
    assert encoding.decode(text, "row") == {"a": Secret("m")}


def test_secrets_open_in_any_part_of_a_row_that_has_others() -> None:
    value: dict[str, Any] = {
        "plain": {"a": [1, None, "$sealed"]},
        "first": {"x": Secret("one"), "$sealed": 1},
        "$number": 2,
        "second": [{"y": [Secret({"z": 2})]}],
    }
    assert encoding.decode(encoding.encode(value, "row"), "row") == value
    del value["$number"]
    assert encoding.decode(encoding.encode(value, "row"), "row") == value
