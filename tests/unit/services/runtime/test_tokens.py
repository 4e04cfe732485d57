"""
How tokens are made, recognised and revoked.
"""

import hmac
from collections.abc import Callable

import pytest

from services.runtime.tokens import RANDOM_BYTES, Token, TokenBook, issue, revoke


def made(seed: int, name: str = "till") -> tuple[Token, str]:
    return issue(name, ["/branch/berlin"], bytes((seed + place) % 256 for place in range(RANDOM_BYTES)), 1_000)


def test_a_token_is_recognised_and_its_secret_is_not_kept() -> None:
    kept, text = made(1)
    assert TokenBook([kept]).holder(text) == kept
    secret = text.split("_", 2)[2]
    assert secret not in repr(kept)
    assert kept.sources == ("/branch/berlin",)


def test_a_header_proves_a_token_after_the_word_bearer_however_that_is_written() -> None:
    kept, text = made(1)
    book = TokenBook([kept])
    assert [book.bearer(header + text) for header in ("Bearer ", "bearer  ", "Basic ", "")] == [kept, kept, None, None]
    assert book.bearer("Bearer") is None


def test_a_text_with_256_random_bits_and_an_id_is_what_is_shown() -> None:
    _, text = made(1)
    label, token_id, secret = text.split("_", 2)
    assert (label, len(token_id), len(secret)) == ("sqm", 8, 43)


def test_too_little_randomness_makes_no_token() -> None:
    with pytest.raises(ValueError, match="37 random bytes"):
        issue("till", [], b"short", 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text.replace("sqm_", "SQM_"),
        lambda text: text[4:],
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text.upper(),
        lambda _: "",
        lambda _: "sqm__",
        lambda _: "sqm_" + "x" * 10_000,
        lambda text: text + "\udc80",
    ],
)
def test_what_is_not_exactly_the_token_proves_nothing(change: Callable[[str], str]) -> None:
    kept, text = made(1)
    assert TokenBook([kept]).holder(change(text)) is None


def test_the_id_of_one_token_with_the_secret_of_another_proves_nothing() -> None:
    (first, first_text), (second, second_text) = made(1), made(99)
    mixed = "_".join([*first_text.split("_", 2)[:2], second_text.split("_", 2)[2]])
    assert TokenBook([first, second]).holder(mixed) is None


def test_a_revoked_token_proves_nothing_and_the_others_go_on() -> None:
    (first, first_text), (second, second_text) = made(1), made(99)
    kept, revoked = revoke([first, second], first.id, 2_000)
    book = TokenBook(kept)
    assert book.holder(first_text) is None
    assert book.holder(second_text) == second
    assert [one.revoked_at for one in revoked] == [2_000]


def test_revoking_a_name_revokes_all_its_tokens_once() -> None:
    kept, revoked = revoke([made(1)[0], made(99)[0], made(7, "acd")[0]], "till", 2_000)
    assert len(revoked) == 2
    assert len(TokenBook(kept)) == 1
    assert revoke(kept, "till", 3_000)[1] == []


def test_known_and_unknown_ids_take_the_same_way_through_one_comparison() -> None:
    compared: list[tuple[int, int]] = []

    def recording(left: str, right: str) -> bool:
        compared.append((len(left), len(right)))
        return hmac.compare_digest(left, right)

    kept, text = made(1)
    book = TokenBook([kept], equal=recording)
    for presented in (text, text[:-1] + "x", made(99)[1], "", "nonsense"):
        book.holder(presented)
    assert compared == [(64, 64)] * 5
