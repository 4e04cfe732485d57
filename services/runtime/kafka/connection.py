"""
How to reach the brokers: one frozen value that every client of this package is made from.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import faust

from services.runtime.errors import Misconfigured

__all__ = ["Connection"]

SASL_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Where the brokers are and how a client proves who it is.

    `bootstrap_servers` is a comma-separated list of `host:port`. `prefix` is put in front of every topic, group and
    client id, so that several deployments share a cluster. What does not fit together is refused when it is made.
    """

    bootstrap_servers: str
    client_id: str = "sqm"
    prefix: str = ""
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "PLAIN"
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_context: ssl.SSLContext | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.bootstrap_servers.strip():
            raise Misconfigured("Kafka: no bootstrap servers are set; give at least one host:port")
        if self.security_protocol not in PROTOCOLS:
            raise Misconfigured(
                f"Kafka: security protocol {self.security_protocol!r} is not one of {', '.join(PROTOCOLS)}"
            )
        if self.uses_sasl:
            if self.sasl_mechanism not in SASL_MECHANISMS:
                raise Misconfigured(
                    f"Kafka: SASL mechanism {self.sasl_mechanism!r} is not one of {', '.join(SASL_MECHANISMS)}"
                )
            if not self.sasl_username or self.sasl_password is None:
                raise Misconfigured(f"Kafka: {self.security_protocol} needs a SASL user name and password")
        if self.security_protocol in ("SSL", "SASL_SSL") and self.ssl_context is None:
            raise Misconfigured(f"Kafka: {self.security_protocol} needs a TLS context (the certificate authorities)")

    @property
    def uses_sasl(self) -> bool:
        return self.security_protocol.startswith("SASL_")

    def name(self, logical: str) -> str:
        """
        The name on the cluster of a logical topic or group.
        """
        return f"{self.prefix}{logical}"

    def client_options(self) -> Mapping[str, Any]:
        """
        Keyword arguments that aiokafka's consumer, producer and admin client share.
        """
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "client_id": f"{self.prefix}{self.client_id}",
            "security_protocol": self.security_protocol,
        }
        if self.ssl_context is not None:
            options["ssl_context"] = self.ssl_context
        if self.uses_sasl:
            options["sasl_mechanism"] = self.sasl_mechanism
            options["sasl_plain_username"] = self.sasl_username
            options["sasl_plain_password"] = self.sasl_password
        return options

    def faust_options(self) -> Mapping[str, Any]:
        """
        The same as keyword arguments of a Faust App.
        """
        urls = [f"kafka://{server.strip()}" for server in self.bootstrap_servers.split(",")]
        options: dict[str, Any] = {"broker": urls, "broker_client_id": f"{self.prefix}{self.client_id}"}
        if self.uses_sasl:
            options["broker_credentials"] = faust.SASLCredentials(
                username=self.sasl_username,
                password=self.sasl_password,
                mechanism=self.sasl_mechanism,
                ssl_context=self.ssl_context,
            )
        elif self.ssl_context is not None:
            options["broker_credentials"] = faust.SSLCredentials(self.ssl_context)
        return options
