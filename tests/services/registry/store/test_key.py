"""Keys that people and addresses are looked up by: the same for one spelling or another, useless without the secret."""

import os

from chassis.crypto import Cipher
from services.registry.store.key import KEY_BYTES, address_key, birth_key, name_key, plain

CIPHER = Cipher(os.urandom(32), os.urandom(32))


def test_spaces_dots_and_widths_do_not_matter() -> None:
    assert plain(" 欧阳·甲 ") == plain("欧阳甲") == "欧阳甲"
    assert plain("甲村7组，ＡＢ号") == plain("甲村７组 ab号")
    assert name_key(CIPHER, "欧阳·甲") == name_key(CIPHER, "欧阳甲")


def test_another_secret_makes_another_key() -> None:
    other = Cipher(os.urandom(32), os.urandom(32))

    assert name_key(CIPHER, "杨甲") != name_key(other, "杨甲")
    assert len(name_key(CIPHER, "杨甲")) == KEY_BYTES


def test_a_name_an_address_and_a_date_are_kept_apart() -> None:
    digits = "19500101"

    assert (
        len({name_key(CIPHER, digits), address_key(CIPHER, digits), birth_key(CIPHER, f"532930{digits}0012")})
        == 3
    )


def test_without_an_address_there_is_no_key() -> None:
    assert address_key(CIPHER, None) is None
