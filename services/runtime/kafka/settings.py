"""
How services find the brokers: the settings that all services of the line share.
"""

import ssl
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.runtime.errors import Misconfigured
from services.runtime.kafka.connection import Connection
from services.runtime.settings import PREFIX, ProcessSettings
from services.runtime.tracing.opening import TracingSettings

__all__ = ["KafkaSettings", "SecurityProtocol", "ServiceSettings", "TopicSettings"]


class SecurityProtocol(StrEnum):
    """
    How clients talk to the brokers, in Kafka's own words.
    """

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"


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
            message = f"{PREFIX}KAFKA__CA_FILE, __CERTIFICATE_FILE or __KEY_FILE cannot be used: {error}"
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
            message = f"{PREFIX}KAFKA__USERNAME is needed with {self.security_protocol}"
            raise Misconfigured(message)
        if self.password is None:
            message = f"{PREFIX}KAFKA__PASSWORD or {PREFIX}KAFKA__PASSWORD_FILE is needed with {self.security_protocol}"
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


class ServiceSettings(ProcessSettings):
    """
    What every service of the line can be told; a service's own settings are fields of its subclass.
    """

    kafka: KafkaSettings = KafkaSettings()
    """The brokers."""
    topics: TopicSettings = TopicSettings()
    """The topics that a service makes where they are missing."""
    tracing: TracingSettings = TracingSettings()
    """Traces for a collector, where there is one."""
