"""The secrets of one installation: made at random on the first start, kept for the owner's eyes only."""

import json
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import OKPKey

from chassis.auth import ALGORITHM, TokenMinter, TokenVerifier
from chassis.clock import Clock
from chassis.crypto import AES_256_GCM_SHA_256, SUITES, Cipher, DataKey, decode_key, encode_key

FOLDER: Final = "secrets"
SIGNING_KEY: Final = "signing-key.json"
PUBLIC_KEYS: Final = "public-keys.json"
FIELD_KEYS: Final = "field-keys.json"
ADMINISTRATOR_PASSWORD: Final = "administrator-password"  # noqa: S105 - the name of a file
_LOOSE: Final = stat.S_IRWXG | stat.S_IRWXO


class LoosePermissions(Exception):  # noqa: N818 - says what was found
    """A secret can be read by others on this machine; nothing starts until that is put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What the processes of one installation share; a service without the private key cannot mint tokens."""

    folder: Path
    signing_key: dict[str, Any] | None = field(repr=False)
    public_keys: dict[str, Any]
    field_keys: dict[str, Any] = field(repr=False)

    def verifier(self, clock: Clock | None = None) -> TokenVerifier:
        """Return a verifier of internal tokens."""
        return TokenVerifier(self.public_keys, clock=clock)

    def minter(self, clock: Clock | None = None) -> TokenMinter:
        """Return a minter of internal tokens; only where the private key was handed out."""
        if self.signing_key is None:
            raise ValueError("This process was given no signing key.")
        return TokenMinter(self.signing_key, clock=clock)

    def cipher(self) -> Cipher:
        """Return the cipher of personal fields: the first data key writes, the others still read."""
        keys = [DataKey(decode_key(key["k"]), SUITES[key["suite"]]) for key in self.field_keys["data"]]
        return Cipher(keys[0], decode_key(self.field_keys["lookup"]), retired=tuple(keys[1:]))

    @property
    def administrator_password_file(self) -> Path:
        """Where the one-time password lies until it was changed."""
        return self.folder / ADMINISTRATOR_PASSWORD

    def administrator_password(self) -> str | None:
        """Return the one-time password, or None once it was changed."""
        path = self.administrator_password_file
        return _read(path).strip() if path.exists() else None

    def forget_administrator_password(self) -> None:
        """Remove the one-time password after it was changed."""
        self.administrator_password_file.unlink(missing_ok=True)


def prepare_secrets(data: Path) -> Secrets:
    """Return the secrets of a data folder, making them on the first start."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_loose(folder)
    if not (folder / SIGNING_KEY).exists():
        # The password comes first and the signing key last: a start that was cut off is simply repeated,
        # while a finished one never makes a second one-time password.
        _write_once(folder / ADMINISTRATOR_PASSWORD, lambda: secrets.token_urlsafe(18) + "\n")
        _write_once(folder / FIELD_KEYS, lambda: json.dumps(_new_field_keys(), indent=2))
        _write_once(folder / SIGNING_KEY, lambda: json.dumps(_new_signing_key(), indent=2))
    signing_key = json.loads(_read(folder / SIGNING_KEY))
    _write_once(folder / PUBLIC_KEYS, lambda: json.dumps(_public(signing_key), indent=2))
    return load_secrets(data)


def load_secrets(data: Path) -> Secrets:
    """Return the secrets found in a data folder; those of a service may lack the signing key."""
    folder = data / FOLDER
    _refuse_loose(folder)
    signing_key = folder / SIGNING_KEY
    return Secrets(
        folder=folder,
        signing_key=json.loads(_read(signing_key)) if signing_key.exists() else None,
        public_keys=json.loads(_read(folder / PUBLIC_KEYS)),
        field_keys=json.loads(_read(folder / FIELD_KEYS)),
    )


def rotate_field_key(data: Path) -> Secrets:
    """Put a new data key in front of the old ones, which go on reading what they wrote."""
    current = load_secrets(data)
    keys = {**current.field_keys, "data": [_new_data_key(), *current.field_keys["data"]]}
    path = current.folder / FIELD_KEYS
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    _write_once(fresh, lambda: json.dumps(keys, indent=2))
    fresh.replace(path)
    return load_secrets(data)


def _new_signing_key() -> dict[str, Any]:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    return dict(key.as_dict(private=True))


def _public(signing_key: dict[str, Any]) -> dict[str, Any]:
    return {"keys": [{name: value for name, value in signing_key.items() if name != "d"}]}


def _new_data_key() -> dict[str, Any]:
    suite = AES_256_GCM_SHA_256
    return {"suite": suite.version, "k": encode_key(secrets.token_bytes(suite.key_bytes))}


def _new_field_keys() -> dict[str, Any]:
    return {"data": [_new_data_key()], "lookup": encode_key(secrets.token_bytes(32))}


def _write_once(path: Path, make: Callable[[], str]) -> None:
    if path.exists():
        return
    # Written beside and linked into place: a crash leaves no half secret, and of two first starts one wins.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> str:
    _refuse_loose(path)
    return path.read_text()


def _refuse_loose(path: Path) -> None:
    found = path.stat()
    if found.st_mode & _LOOSE:
        needed = "0700" if path.is_dir() else "0600"
        raise LoosePermissions(f"{path.name} may be read by others; give it mode {needed}.")
