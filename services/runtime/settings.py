"""
Reads settings from the environment: prefix `SQM_`, `__` between nested names, secrets also from files.

A service declares a subclass of `ServiceSettings`; its `app.py` calls `load_settings` once, logs `describe(settings)`
and hands plain values on. A secret such as `SQM_KAFKA__PASSWORD` may instead be in a file: `SQM_KAFKA__PASSWORD_FILE`.
"""

import ssl
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from services.runtime.errors import Misconfigured
from services.runtime.kafka.connection import Connection

__all__ = [
    "KafkaSettings",
    "LogFormat",
    "SecurityProtocol",
    "ServiceSettings",
    "TopicSettings",
    "describe",
    "load_settings",
]

_PREFIX = "SQM_"
_NESTED = "__"
_FILE = "_FILE"
_SHOWN = 80


class SecurityProtocol(StrEnum):
    """
    How clients talk to the brokers, in Kafka's own words.
    """

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


class LogFormat(StrEnum):
    """
    How log lines are written.
    """

    AUTO = "auto"
    """Console on a terminal, JSON otherwise."""
    JSON = "json"
    CONSOLE = "console"


class KafkaSettings(BaseModel):
    """
    Where the brokers are and how to log in to them; the same for every service.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    bootstrap_servers: str = Field(default="127.0.0.1:9092", min_length=1)
    """Comma-separated host:port. The default is a broker on this machine."""
    topic_prefix: str = Field(default="", pattern=r"^[a-zA-Z0-9._-]{0,64}$")
    """Put in front of every topic, group and client name, so that deployments share a cluster. Default: none."""
    client_id: str = Field(default="sqm", min_length=1, max_length=64)
    """How this process appears in the brokers' logs and quotas."""
    security_protocol: SecurityProtocol = SecurityProtocol.PLAINTEXT
    """The default suits a broker on this machine only."""
    sasl_mechanism: str = Field(default="PLAIN", pattern=r"^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$")
    """Used where the protocol is one of SASL."""
    username: str | None = None
    """Needed with SASL."""
    password: SecretStr | None = None
    """Needed with SASL; `SQM_KAFKA__PASSWORD_FILE` may name a file with it."""
    ca_file: Path | None = None
    """Certificates (PEM) that the brokers' certificates are checked against; None: those of the machine."""
    certificate_file: Path | None = None
    """Our certificate (PEM), where the brokers ask for one."""
    key_file: Path | None = None
    """The key of our certificate (PEM)."""

    @property
    def uses_sasl(self) -> bool:
        return self.security_protocol in {SecurityProtocol.SASL_PLAINTEXT, SecurityProtocol.SASL_SSL}

    @property
    def uses_tls(self) -> bool:
        return self.security_protocol in {SecurityProtocol.SSL, SecurityProtocol.SASL_SSL}

    def tls_context(self) -> ssl.SSLContext | None:
        """
        Return the context for TLS connections, which checks certificate and host name; None without TLS.
        """
        if not self.uses_tls:
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.certificate_file is not None:
                context.load_cert_chain(self.certificate_file, self.key_file)
        except (OSError, ssl.SSLError) as error:
            message = f"{_PREFIX}KAFKA__CA_FILE, __CERTIFICATE_FILE or __KEY_FILE cannot be used: {error}"
            raise Misconfigured(message) from error
        return context

    def connection(self) -> Connection:
        """
        Return the value that the clients of `services.runtime.kafka` are made from.
        """
        name, password = self.credentials() if self.uses_sasl else (None, None)
        return Connection(
            bootstrap_servers=self.bootstrap_servers,
            client_id=self.client_id,
            prefix=self.topic_prefix,
            security_protocol=self.security_protocol.value,
            sasl_mechanism=self.sasl_mechanism,
            sasl_username=name,
            sasl_password=password,
            ssl_context=self.tls_context(),
        )

    def credentials(self) -> tuple[str, str]:
        """
        Return name and password; raise Misconfigured, naming the variable, where one is missing.
        """
        if not self.username:
            message = f"{_PREFIX}KAFKA__USERNAME is needed with {self.security_protocol}"
            raise Misconfigured(message)
        if self.password is None:
            message = (
                f"{_PREFIX}KAFKA__PASSWORD or {_PREFIX}KAFKA__PASSWORD_FILE is needed with {self.security_protocol}"
            )
            raise Misconfigured(message)
        return self.username, self.password.get_secret_value()


class TopicSettings(BaseModel):
    """
    How topics are made; the same for every service, since whoever comes first makes them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    partitions: int = Field(default=4, ge=1, le=1_000)
    """Partitions of each topic that is made. Never change it for topics with content: state is found by partition."""
    replication: int = Field(default=-1, ge=-1)
    """Copies of each topic that is made; -1: what the broker does by default."""
    create: bool = True
    """Whether missing topics are made; turn it off where only an administrator may."""


class ServiceSettings(BaseSettings):
    """
    What every service can be told; a service's own settings are fields of its subclass.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter=_NESTED, extra="forbid", frozen=True, use_attribute_docstrings=True
    )

    kafka: KafkaSettings = KafkaSettings()
    """The brokers."""
    topics: TopicSettings = TopicSettings()
    """The topics that a service makes where they are missing."""
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")
    """The least important log line that is written."""
    log_format: LogFormat = LogFormat.AUTO
    """Console lines on a terminal and JSON elsewhere, unless one of them is named."""


_Settings = TypeVar("_Settings", bound=ServiceSettings)


def load_settings(kind: type[_Settings], environment: Mapping[str, str]) -> _Settings:
    """
    Return the settings that the environment describes; raise Misconfigured naming every variable that will not do.
    """
    if misspelt := _misspelt(kind, environment):
        raise Misconfigured(f"settings: {'; '.join(misspelt)}")
    # What is left over is a variable of another service: they share the prefix, and one environment file may serve all.
    known = set(kind.model_fields)
    values = {name: value for name, value in _Source(kind, environment)().items() if name in known}
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{_variable([str(part) for part in fault['loc']])}: {fault['msg']}" for fault in error.errors()
        )
        message = f"settings: {faults}"
        # Not chained: pydantic's own text repeats the input, and that may be a secret.
        raise Misconfigured(message) from None


def describe(settings: BaseModel, path: tuple[str, ...] = ()) -> dict[str, str]:
    """
    Return every setting by the name of its variable, secrets as `***`, long values cut: for the log at start.
    """
    shown: dict[str, str] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            shown |= describe(value, (*path, name))
        elif isinstance(value, SecretStr):
            shown[_variable([*path, name])] = "***"
        else:
            shown[_variable([*path, name])] = str(value)[:_SHOWN]
    return shown


def _variable(path: list[str]) -> str:
    return _PREFIX + _NESTED.join(path).upper()


def _misspelt(kind: type[BaseModel], environment: Mapping[str, str]) -> list[str]:
    """
    Say which variables begin like those of these settings and yet are none of them: what they ask for would be ignored.
    """
    fields = kind.model_fields
    words = {field.partition("_")[0] for field in fields}
    files = {name + _FILE for name in _secrets(kind, [])}
    known = [*_names(kind, []), *files]
    said = []
    for variable in sorted(environment):
        name = variable.upper().removeprefix(_PREFIX).lower()
        if not variable.upper().startswith(_PREFIX) or name.partition("_")[0] not in words:
            continue
        if name.partition(_NESTED)[0] not in fields and variable.upper() not in files:
            nearest = get_close_matches(variable.upper(), known, n=1)
            said.append(f"{variable}: there is no such setting" + "".join(f"; {one} is one" for one in nearest))
    return said


def _names(kind: type[BaseModel], path: list[str]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _names(field.annotation, [*path, name])
        else:
            yield _variable([*path, name])


class _Source(EnvSettingsSource):
    """
    Reads an environment that it was handed, after putting the contents of secret files in place.
    """

    def __init__(self, kind: type[BaseSettings], environment: Mapping[str, str]) -> None:
        self._environment = _with_secret_files(environment, _secrets(kind, []))
        super().__init__(kind)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environment.items()}


def _secrets(kind: type[BaseModel], path: list[str]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        declared = field.annotation
        for candidate in (declared, *getattr(declared, "__args__", ())):
            if candidate is SecretStr:
                yield _variable([*path, name])
            elif isinstance(candidate, type) and issubclass(candidate, BaseModel):
                yield from _secrets(candidate, [*path, name])


def _with_secret_files(environment: Mapping[str, str], secrets: Iterator[str]) -> dict[str, str]:
    result = dict(environment)
    for name in secrets:
        file = result.pop(name + _FILE, None)
        if file is None:
            continue
        if name in environment:
            message = f"settings: {name} and {name}{_FILE} are both set; keep one"
            raise Misconfigured(message)
        try:
            result[name] = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            message = f"settings: {name}{_FILE} names {file}, which cannot be read: {error.strerror}"
            raise Misconfigured(message) from error
    return result
