"""
Which broker runs on which machine, and that it says why.
"""

from pathlib import Path

import pytest

from services.runtime.broker import BrokerKind, BrokerOptions, ChoiceReason, choose_broker
from services.runtime.errors import Misconfigured
from services.runtime.java import Java

JAVA = Java(home=Path("/opt/java"), version=21, origin="PATH")


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    (tmp_path / "kafka_2.13-4.3.0.jar").touch()
    return tmp_path


def test_kafka_is_taken_where_there_are_a_java_and_the_jars(jars: Path) -> None:
    choice = choose_broker(BrokerOptions(jars=jars), JAVA)
    assert (choice.kind, choice.reason, choice.java) == (BrokerKind.KAFKA, ChoiceReason.COMPLETE, JAVA)
    assert "Java 21 (PATH)" in choice.sentence


def test_without_a_java_it_is_the_one_in_memory_and_says_so(jars: Path) -> None:
    choice = choose_broker(BrokerOptions(jars=jars), None)
    assert (choice.kind, choice.reason, choice.java) == (BrokerKind.MEMORY, ChoiceReason.NO_JAVA, None)
    assert "no Java" in choice.sentence
    assert "keeps nothing" in choice.sentence


def test_without_the_jars_it_is_the_one_in_memory_and_names_their_folder(tmp_path: Path) -> None:
    choice = choose_broker(BrokerOptions(jars=tmp_path), JAVA)
    assert (choice.kind, choice.reason) == (BrokerKind.MEMORY, ChoiceReason.NO_JARS)
    assert str(tmp_path) in choice.sentence


def test_who_insists_on_kafka_never_gets_another_broker(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="make setup"):
        choose_broker(BrokerOptions(kind=BrokerKind.KAFKA, jars=tmp_path), JAVA)


@pytest.mark.parametrize("kind", list(BrokerKind))
def test_a_kind_that_was_asked_for_and_can_run_is_taken(jars: Path, kind: BrokerKind) -> None:
    choice = choose_broker(BrokerOptions(kind=kind, jars=jars), JAVA)
    assert (choice.kind, choice.reason) == (kind, ChoiceReason.ASKED_FOR)
