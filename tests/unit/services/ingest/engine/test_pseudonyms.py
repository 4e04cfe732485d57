"""
A pseudonym says nothing of whom it stands for, and who has not the key can make none.
"""

import pytest

from services.ingest.engine.pseudonyms import Identity, identity_of, is_genuine, minted

KEY, SALT = b"key", bytes(range(10))
ONE = minted(KEY, "customer", SALT)


def test_a_pseudonym_shows_whose_it_is_and_that_it_is_ours() -> None:
    assert "c-00010203040506070809" + ONE[22:] == ONE
    assert len(ONE) == 34
    assert is_genuine(KEY, "customer", ONE)
    assert minted(KEY, "employee", SALT)[2:] != ONE[2:]


@pytest.mark.parametrize(
    ("key", "whose", "text"),
    [
        (b"other", "customer", ONE),
        (KEY, "employee", ONE),
        (KEY, "customer", ONE[:-1] + ("0" if ONE[-1] != "0" else "1")),
        (KEY, "customer", ONE[:-1]),
        (KEY, "customer", "c-" + "x" * 32),
        (KEY, "customer", ONE[:2] + ONE[2:].upper()),
        (KEY, "employee", "e" + ONE[1:]),
    ],
)
def test_what_only_looks_like_one_is_an_identity(key: bytes, whose: str, text: str) -> None:
    assert not is_genuine(key, whose, text)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Anna@Example.org ", ("", "anna@example.org")),
        ("+371 2000-00.00", ("", "+37120000000")),
        ("+371 or so", ("desk", "+371 or so")),
        ("17", ("desk", "17")),
    ],
)
def test_addresses_and_telephone_numbers_mean_the_same_person_everywhere(name: str, meant: tuple[str, str]) -> None:
    assert identity_of("customer", name, "desk") == Identity("customer", *meant)


def test_how_a_letter_is_composed_makes_nobody_else() -> None:
    assert identity_of("customer", "Mārtiņš") == identity_of("customer", "Ma\u0304rtin\u0327s\u030c")
