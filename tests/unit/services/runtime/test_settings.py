"""
Settings: what the environment says reaches the field, a mistake names its variable, and no secret is ever shown.
"""

import os
import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.runtime.errors import Misconfigured
from services.runtime.kafka.settings import KafkaSettings, SecurityProtocol, ServiceSettings
from services.runtime.settings import describe, load_settings


class TillSettings(ServiceSettings):
    port: int = 8080
    token: SecretStr | None = None
    shelves: tuple[Path, ...] = ()


def test_without_an_environment_everything_has_its_default() -> None:
    settings = load_settings(TillSettings, {})
    assert (settings.port, settings.kafka.bootstrap_servers) == (8080, "127.0.0.1:9092")


def test_nested_names_are_joined_by_two_underscores() -> None:
    settings = load_settings(TillSettings, {"SQM_KAFKA__BOOTSTRAP_SERVERS": "a:1,b:2", "SQM_PORT": "99"})
    assert (settings.port, settings.kafka.bootstrap_servers) == (99, "a:1,b:2")


def test_variables_of_other_services_and_programs_do_no_harm() -> None:
    assert load_settings(TillSettings, {"SQM_ELSEWHERE": "1", "PORT": "1"}) == load_settings(TillSettings, {})


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SQM_PORT", "many"), ("SQM_KAFKA__NOPE", "1"), ("SQM_LOG_LEVEL", "LOUD"), ("SQM_KAFKA__TOPIC_PREFIX", "a b")],
)
def test_a_value_that_will_not_do_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=variable):
        load_settings(TillSettings, {variable: value})


def test_a_list_is_written_as_json() -> None:
    assert load_settings(TillSettings, {"SQM_SHELVES": '["a", "b/c"]'}).shelves == (Path("a"), Path("b/c"))


@pytest.mark.parametrize("variable", ["SQM_SHELVES", "SQM_KAFKA"])
def test_what_is_not_json_names_its_variable_and_how_to_write_it_and_not_what_it_holds(variable: str) -> None:
    with pytest.raises(Misconfigured, match=rf"settings: {variable} is not JSON; write a list as ") as refused:
        load_settings(TillSettings, {variable: "var/hush"})
    assert "hush" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("SQM_KAFKA_BOOTSTRAP_SERVERS", "SQM_KAFKA__BOOTSTRAP_SERVERS is one"),
        ("SQM_LOG_LEVLE", "SQM_LOG_LEVEL is one"),
        ("SQM_TOKEN_FILES", "SQM_TOKEN_FILE is one"),
        ("SQM_PORT_NUMBER_OF_IT_ALL", "no such setting$"),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_one_that_was_meant(variable: str, meant: str) -> None:
    with pytest.raises(Misconfigured, match=rf"{variable}: .*{meant}"):
        load_settings(TillSettings, {variable: "1"})


def test_a_secret_may_come_from_a_file_whose_last_line_end_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush hush\n")
    environment = {"SQM_TOKEN_FILE": str(tmp_path / "secret"), "SQM_KAFKA__PASSWORD_FILE": str(tmp_path / "secret")}
    settings = load_settings(TillSettings, environment)
    assert settings.token == settings.kafka.password == SecretStr("hush hush")


def test_the_environment_that_is_handed_over_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in a process: what is handed over is the process's own, and still it must be looked at once only.
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.setenv("SQM_KAFKA__PASSWORD_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("SQM_LOG_LEVEL", "DEBUG")
    assert load_settings(TillSettings, {}).log_level == "INFO"
    password = load_settings(TillSettings, dict(os.environ)).kafka.password
    assert password is not None
    assert password.get_secret_value() == "from a file"


def test_a_secret_that_is_set_twice_is_refused(tmp_path: Path) -> None:
    environment = {"SQM_TOKEN": "a", "SQM_TOKEN_FILE": str(tmp_path / "secret")}
    with pytest.raises(Misconfigured, match="SQM_TOKEN and SQM_TOKEN_FILE are both set"):
        load_settings(TillSettings, environment)


def test_a_secret_file_that_is_not_there_is_named_with_its_variable(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"SQM_TOKEN_FILE names .*absent"):
        load_settings(TillSettings, {"SQM_TOKEN_FILE": str(tmp_path / "absent")})


def test_neither_the_description_nor_an_error_shows_a_secret() -> None:
    environment = {"SQM_TOKEN": "hush", "SQM_KAFKA__PASSWORD": "hush"}
    shown = describe(load_settings(TillSettings, environment))
    assert shown["SQM_TOKEN"] == shown["SQM_KAFKA__PASSWORD"] == "***"
    with pytest.raises(Misconfigured) as refused:
        load_settings(TillSettings, environment | {"SQM_PORT": "many"})
    assert "hush" not in str(shown) + str(refused.value)


def test_sasl_without_a_name_or_password_names_what_is_missing() -> None:
    with pytest.raises(Misconfigured, match="SQM_KAFKA__USERNAME"):
        KafkaSettings(security_protocol=SecurityProtocol.SASL_PLAINTEXT).connection()
    with pytest.raises(Misconfigured, match="SQM_KAFKA__PASSWORD_FILE"):
        KafkaSettings(security_protocol=SecurityProtocol.SASL_SSL, username="till").connection()


def test_the_client_is_told_what_was_set() -> None:
    settings = KafkaSettings(
        bootstrap_servers="a:1",
        topic_prefix="north.",
        security_protocol=SecurityProtocol.SASL_PLAINTEXT,
        sasl_mechanism="SCRAM-SHA-512",
        username="till",
        password=SecretStr("hush"),
    )
    options = settings.connection().client_options()
    assert (options["client_id"], options["bootstrap_servers"]) == ("north.sqm", "a:1")
    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("till", "hush")


def test_every_service_makes_topics_as_the_same_settings_say() -> None:
    environment = {"SQM_TOPICS__PARTITIONS": "12", "SQM_TOPICS__REPLICATION": "3", "SQM_TOPICS__CREATE": "false"}
    topics = load_settings(TillSettings, environment).topics
    assert (topics.partitions, topics.replication, topics.create) == (12, 3, False)
    assert load_settings(ServiceSettings, environment).topics == topics


def test_tls_checks_certificate_and_name_of_the_broker() -> None:
    context = KafkaSettings(security_protocol=SecurityProtocol.SSL).tls_context()
    assert context is not None
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert KafkaSettings().tls_context() is None


def test_a_certificate_that_cannot_be_read_is_a_mistake_of_the_settings(tmp_path: Path) -> None:
    settings = KafkaSettings(security_protocol=SecurityProtocol.SSL, ca_file=tmp_path / "absent.pem")
    with pytest.raises(Misconfigured, match="SQM_KAFKA__CA_FILE"):
        settings.tls_context()
