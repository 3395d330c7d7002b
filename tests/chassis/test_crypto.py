"""Field encryption, keyed hashes and the files that hold the keys."""

import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from chassis import secrets
from chassis.crypto import AES_256_GCM_SHA_256, Cipher, DataKey, Undecipherable, fingerprint

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
LOOKUP = b"l" * 32


def test_what_was_encrypted_is_read_back() -> None:
    cipher = Cipher(KEY, LOOKUP)

    assert cipher.decrypt(cipher.encrypt("张三 532930")) == "张三 532930"


def test_equal_texts_encrypt_differently_and_hash_equally() -> None:
    cipher = Cipher(KEY, LOOKUP)

    assert cipher.encrypt("same") != cipher.encrypt("same")
    assert cipher.keyed_hash("same") == cipher.keyed_hash("same")
    assert cipher.keyed_hash("same") != Cipher(KEY, b"m" * 32).keyed_hash("same")
    assert len(cipher.keyed_hash("same")) == 32


def test_a_keyed_hash_is_the_hmac_that_stored_rows_hold() -> None:
    with ThreadPoolExecutor(4) as pool:
        hashes = list(pool.map(Cipher(KEY, LOOKUP).keyed_hash, ["532930195001010010", "张三"] * 200))

    assert hashes == [
        hmac.digest(LOOKUP, text.encode(), "sha256") for text in ["532930195001010010", "张三"] * 200
    ]


def test_any_altered_byte_is_found() -> None:
    cipher = Cipher(KEY, LOOKUP)
    stored = cipher.encrypt("secret")

    for position in range(len(stored)):
        altered = bytearray(stored)
        altered[position] ^= 1
        with pytest.raises(Undecipherable):
            cipher.decrypt(bytes(altered))


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x02" * 40])
def test_bytes_of_no_known_key_are_refused(stored: bytes) -> None:
    with pytest.raises(Undecipherable):
        Cipher(KEY, LOOKUP).decrypt(stored)


def test_a_cut_off_value_is_refused() -> None:
    cipher = Cipher(KEY, LOOKUP)

    with pytest.raises(Undecipherable):
        cipher.decrypt(cipher.encrypt("secret")[:8])


def test_after_a_rotation_the_old_key_still_reads_and_the_new_one_writes() -> None:
    before = Cipher(KEY, LOOKUP)
    old = before.encrypt("secret")

    after = Cipher(OTHER, LOOKUP, retired=(KEY,))

    assert after.decrypt(old) == "secret"
    assert not after.is_current(old)
    assert after.is_current(after.encrypt("secret"))
    assert after.keyed_hash("x") == before.keyed_hash("x")
    with pytest.raises(Undecipherable):
        before.decrypt(after.encrypt("secret"))


def test_another_suite_is_told_apart_by_its_version_byte() -> None:
    sm4_like = replace(AES_256_GCM_SHA_256, version=2)
    newer = Cipher(DataKey(KEY, sm4_like), LOOKUP, retired=(KEY,))

    stored = newer.encrypt("secret")

    assert stored[0] == 2
    assert newer.decrypt(stored) == "secret"
    assert newer.decrypt(Cipher(KEY, LOOKUP).encrypt("old")) == "old"


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(b"short", LOOKUP)


def test_keys_never_print_themselves() -> None:
    assert "secret" not in repr(DataKey(KEY))


def test_the_first_start_makes_secrets_for_the_owner_only(tmp_path: Path) -> None:
    made = secrets.prepare_secrets(tmp_path)

    files = sorted(path.name for path in made.folder.iterdir())
    assert files == ["administrator-password", "field-keys.json", "public-keys.json", "signing-key.json"]
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in made.folder.iterdir())
    assert len(made.administrator_password() or "") >= 20
    assert all("d" not in key for key in made.public_keys["keys"])
    assert made.signing_key is not None
    assert str(made.signing_key["d"]) not in repr(made)


def test_a_second_start_finds_the_same_secrets(tmp_path: Path) -> None:
    first = secrets.prepare_secrets(tmp_path)
    stored = first.cipher().encrypt("secret")
    token = first.minter().mint("actor-1", {"clerk"}, "")

    second = secrets.prepare_secrets(tmp_path)

    assert second == first
    assert second.cipher().decrypt(stored) == "secret"
    assert second.verifier().verify(token).actor_id == "actor-1"


def test_two_installations_share_nothing(tmp_path: Path) -> None:
    one = secrets.prepare_secrets(tmp_path / "one")
    two = secrets.prepare_secrets(tmp_path / "two")

    assert one.field_keys != two.field_keys
    assert one.public_keys != two.public_keys
    assert one.administrator_password() != two.administrator_password()


def test_a_forgotten_one_time_password_never_comes_back(tmp_path: Path) -> None:
    secrets.prepare_secrets(tmp_path).forget_administrator_password()

    assert secrets.prepare_secrets(tmp_path).administrator_password() is None


@pytest.mark.parametrize("name", [".", "signing-key.json", "field-keys.json", "administrator-password"])
def test_a_secret_that_others_can_read_stops_the_start(tmp_path: Path, name: str) -> None:
    path = secrets.prepare_secrets(tmp_path).folder / name
    path.chmod(0o755 if path.is_dir() else 0o640)

    with pytest.raises(secrets.LoosePermissions, match="mode 0"):
        secrets.prepare_secrets(tmp_path).administrator_password()


def test_a_loose_umask_does_not_loosen_the_secrets(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        made = secrets.prepare_secrets(tmp_path)
    finally:
        os.umask(previous)

    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert (made.folder / "signing-key.json").stat().st_mode & 0o777 == 0o600


def test_a_service_without_the_private_key_verifies_but_cannot_mint(tmp_path: Path) -> None:
    whole = secrets.prepare_secrets(tmp_path)
    token = whole.minter().mint("actor-1", {"clerk"}, "")
    (whole.folder / "signing-key.json").unlink()

    service = secrets.load_secrets(tmp_path)

    assert service.verifier().verify(token).actor_id == "actor-1"
    with pytest.raises(ValueError, match="no signing key"):
        service.minter()


def test_a_rotated_field_key_reads_what_the_old_one_wrote(tmp_path: Path) -> None:
    before = secrets.prepare_secrets(tmp_path).cipher()
    old = before.encrypt("secret")

    after = secrets.rotate_field_key(tmp_path).cipher()

    assert after.decrypt(old) == "secret"
    assert not after.is_current(old)
    assert after.keyed_hash("x") == before.keyed_hash("x")


def test_of_two_first_starts_at_once_both_use_the_same_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: secrets.prepare_secrets(tmp_path), range(8)))

    assert all(one == made[0] for one in made)
    assert len({one.administrator_password() for one in made}) == 1


def test_a_secret_that_appeared_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    def make() -> str:
        path.write_text("the other start's")
        return "ours"

    secrets._write_once(path, make)

    assert path.read_text() == "the other start's"
    assert [found.name for found in tmp_path.iterdir()] == ["secret"]


def test_a_fingerprint_is_the_plain_hash() -> None:
    assert fingerprint(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
