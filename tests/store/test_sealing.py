"""Sealing keys and envelopes."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from isotherm.store.sealing import Key, Sealer, UnsealableError


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(Key.from_passphrase("passphrase"))


def test_what_is_sealed_opens_for_the_same_row_only(sealer: Sealer) -> None:
    envelope = sealer.seal(b"secret", "resource:1")
    assert sealer.open(envelope, "resource:1") == b"secret"
    with pytest.raises(UnsealableError, match="resource:2"):
        sealer.open(envelope, "resource:2")


def test_the_same_secret_never_looks_the_same(sealer: Sealer) -> None:
    assert sealer.seal(b"secret", "row") != sealer.seal(b"secret", "row")


def test_any_changed_byte_is_noticed(sealer: Sealer) -> None:
    head, _, text = sealer.seal(b"secret", "row").rpartition(":")
    sealed = bytearray(base64.b64decode(text))
    for position in range(len(sealed)):
        changed = bytes(b ^ (n == position) for n, b in enumerate(sealed))
        with pytest.raises(UnsealableError):
            sealer.open(f"{head}:{base64.b64encode(changed).decode()}", "row")


@pytest.mark.parametrize("envelope", ["", "secret", "1:", "2:00000000:AAAA", "1:00000000:AAAA"])
def test_what_is_no_envelope_of_ours_is_refused(sealer: Sealer, envelope: str) -> None:
    with pytest.raises(UnsealableError):
        sealer.open(envelope, "row")


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é"])
def test_a_damaged_envelope_is_refused(sealer: Sealer, text: str) -> None:
    head = sealer.seal(b"secret", "row").rpartition(":")[0]
    with pytest.raises(UnsealableError, match="damaged"):
        sealer.open(f"{head}:{text}", "row")


def test_a_new_key_seals_while_the_former_still_opens() -> None:
    former, new = Key.from_passphrase("former"), Key.from_passphrase("new")
    old_envelope = Sealer(former).seal(b"secret", "row")
    rotated = Sealer(new, former)
    assert rotated.open(old_envelope, "row") == b"secret"
    new_envelope = rotated.seal(b"secret", "row")
    assert Sealer(new).open(new_envelope, "row") == b"secret"
    with pytest.raises(UnsealableError, match=f"key {new.id}, which is not configured"):
        Sealer(former).open(new_envelope, "row")


def test_a_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "sealing.key"
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda _: Key.from_file(path), range(16)))
    assert len({key.id for key in keys}) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["sealing.key"]
    envelope = Sealer(keys[0]).seal(b"secret", "row")
    assert Sealer(Key.from_file(path)).open(envelope, "row") == b"secret"


@pytest.mark.parametrize("content", ["", "c2hvcnQ=", "not a key\n"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "sealing.key"
    path.write_text(content)
    with pytest.raises(ValueError, match="does not hold a sealing key"):
        Key.from_file(path)
    assert path.read_text() == content


def test_content_ids_need_the_key_and_keep_parts_apart(sealer: Sealer) -> None:
    assert sealer.content_id(b"ab", b"c") == sealer.content_id(b"ab", b"c")
    assert sealer.content_id(b"ab", b"c") != sealer.content_id(b"a", b"bc")
    other = Sealer(Key.from_passphrase("other"))
    assert sealer.content_id(b"ab") != other.content_id(b"ab")
