"""What stays visible of numbers and names."""

from services.registry.domain.mask import mask_identity, mask_name, mask_tail


def test_an_identity_number_keeps_four_and_two_characters() -> None:
    assert mask_identity("532930197001010145") == "5329**********45"


def test_a_name_keeps_the_family_name() -> None:
    assert [mask_name(name) for name in ("张三", "欧阳小明", "李", "")] == ["张*", "欧***", "李", ""]


def test_an_account_keeps_its_last_digits_and_never_more_than_half() -> None:
    assert mask_tail("6217000012345678") == "************5678"
    assert mask_tail("1234") == "**34"
    assert mask_tail(None) is None
