"""
A name is found in whatever form a payload may carry it.
"""

import base64
import json
import unicodedata
from urllib.parse import quote, quote_plus

import pytest

from services.ingest.engine.traces import Traces

NAME = "Anna Ozoliņa/7@example.org"


@pytest.mark.parametrize(
    "text",
    [
        NAME.encode(),
        NAME.upper().encode(),
        NAME.upper().replace("Ņ", "ņ").encode(),
        unicodedata.normalize("NFD", NAME).encode(),
        json.dumps(unicodedata.normalize("NFD", NAME.upper())).encode(),
        json.dumps({"who": NAME}).encode(),
        json.dumps({"who": NAME}).replace("/", "\\/").encode(),
        f"who={quote(NAME, safe='')}&x=1".encode(),
        f"who=to%20{quote(NAME, safe='')}".encode(),
        json.dumps({"comment": f"called\n{NAME}"}).encode(),
        json.dumps({"comment": f"called\x00{NAME}"}).encode(),
        f"who={quote_plus(NAME)}&x=1".encode(),
        NAME.encode("utf-16-le"),
        NAME.encode("utf-16-be"),
        NAME.encode().hex().encode(),
        *(base64.b64encode(b"x" * before + NAME.encode() + b"rest") for before in range(4)),
        base64.urlsafe_b64encode(b"??>" + NAME.encode()),
    ],
)
def test_every_form_is_found(text: bytes) -> None:
    assert Traces(NAME).found_in(None, text)


@pytest.mark.parametrize("name", ["Иван Петров", "ИВАН ПЕТРОВ", "иван петров"])
@pytest.mark.parametrize("text", ["Иван Петров", "ИВАН ПЕТРОВ", "иван петров"])
def test_letters_of_any_alphabet_may_be_large_or_small(name: str, text: str) -> None:
    assert Traces(name).found_in(json.dumps({"customer": text}, ensure_ascii=False).encode())
    assert Traces(name).found_in(json.dumps({"customer": text}).encode())


@pytest.mark.parametrize("text", [b"", None, b"anna", NAME.encode() + b"er", b"x" + NAME.encode()])
def test_another_name_is_not(text: bytes | None) -> None:
    assert not Traces(NAME).found_in(text)


def test_inside_of_words_it_is_found_where_that_is_asked_for() -> None:
    assert Traces(NAME, in_words=True).found_in(b"x" + NAME.encode() + b"customer")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b'{"customer":"17"}', True),
        (b'{"customer": 17}', True),
        (b"who=17&b=2", True),
        (b"17", True),
        (b'{"time":"2017-01-17T17:17:00Z"}', False),
        (b'{"id":"a17"}', False),
    ],
)
def test_a_short_name_must_be_a_whole_value(text: bytes, found: bool) -> None:
    assert Traces("17").found_in(text) is found
