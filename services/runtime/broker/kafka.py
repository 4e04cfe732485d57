"""
Runs a real Apache Kafka as one KRaft node in a Java process of its own.
"""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from services.runtime.broker import tether
from services.runtime.broker.archive import class_archive
from services.runtime.broker.configuration import LOGGING, server_properties
from services.runtime.broker.options import BrokerKind, BrokerOptions
from services.runtime.broker.ports import free_ports, is_free
from services.runtime.clock import Clock
from services.runtime.errors import Misconfigured, Unreachable
from services.runtime.java import Java

__all__ = ["KafkaBroker"]

_CLUSTER = "c3FtLWVtYmVkZGVkLWJyb2tlcg"  # any 16 bytes in base64; the same each time, so that a folder can be reused
_STARTS = 3
_TAIL_LINES = 15
_STOP_SECONDS = 15.0


class KafkaBroker:
    """
    One Kafka node with a folder and a port of its own, which outlives neither `stop` nor its starter.

    `start` after `stop` or `kill` brings back the same node: same port, same records.
    """

    kind = BrokerKind.KAFKA

    def __init__(self, options: BrokerOptions, java: Java, clock: Clock) -> None:
        self._options = options
        self._java = java
        self._clock = clock
        self._archive = class_archive(options.jars, java)
        self._own_folder = options.folder is None
        self.folder = options.folder or Path(tempfile.mkdtemp(prefix="sqm-kafka-"))
        self.port = options.port
        self._tether: subprocess.Popen[str] | None = None
        self._pid = 0

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "kafka.log"

    @property
    def pid(self) -> int:
        """
        Return the id of the Java process; 0 while none runs.
        """
        return self._pid

    def start(self) -> None:
        """
        Start the node and return once it answers.

        Raise Misconfigured where its port is taken or it ends by itself, Unreachable where it does not answer in time;
        the last two show the end of its log.
        """
        if self._tether is not None:
            return
        # Whoever has the port may be a Kafka too, and would answer in place of ours.
        if self._options.port and not is_free(self._options.port):
            raise Misconfigured(
                f"port {self._options.port} of 127.0.0.1 is taken by another process: end that, or name another port"
            )
        # Another process may take a port between its choice and its use; a port that was asked for is not replaced.
        attempts = 1 if self.port else _STARTS
        for attempt in range(1, attempts + 1):
            try:
                self._start_once()
            except Misconfigured:
                if attempt == attempts or "BindException" not in self.log.read_text(errors="replace"):
                    raise
                self.port = self._options.port
            else:
                return

    def _start_once(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        chosen = free_ports(2)
        self.port = self.port or chosen[0]
        properties = self.folder / "server.properties"
        properties.write_text(server_properties(self._options, self.folder, self.port, chosen[1]))
        properties.chmod(0o600)
        (self.folder / "log4j2.xml").write_text(LOGGING)
        deadline = self._clock.monotonic_ms() + int(self._options.start_timeout_seconds * 1000)
        with self.log.open("w") as log:
            self._format(properties, log)
            self._launch(properties, log)
        try:
            self._wait_until_it_answers(deadline)
        except BaseException:
            # Whatever ends the waiting, also Ctrl-C: a broker that nobody owns must not live on.
            self.kill()
            raise

    def _command(self, entry: str, *arguments: str, quick: bool = False) -> list[str]:
        return [
            str(self._java.executable),
            f"-Xmx{self._options.heap_megabytes}m",
            *(
                ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
                if quick
                else ["-XX:+UseG1GC", *self._options.java_flags]
            ),
            *([f"-XX:SharedArchiveFile={self._archive}"] if self._archive.exists() else []),
            "-Djava.net.preferIPv4Stack=true",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={self.folder / 'log4j2.xml'}",
            "-cp",
            f"{self._options.jars}/*",
            entry,
            *arguments,
        ]

    def _format(self, properties: Path, log: IO[str]) -> None:
        if (self.folder / "data" / "meta.properties").exists():
            return
        command = self._command(
            "kafka.tools.StorageTool",
            *("format", "--ignore-formatted", "--cluster-id", _CLUSTER, "--config", str(properties)),
            quick=True,
        )
        if subprocess.run(command, stdout=log, stderr=log, check=False).returncode:
            message = f"Kafka could not format {self.folder}{self._tail()}"
            raise Misconfigured(message)

    def _launch(self, properties: Path, log: IO[str]) -> None:
        self._tether = subprocess.Popen(
            [sys.executable, "-I", "-S", tether.__file__, *self._command("kafka.Kafka", str(properties))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # a Ctrl-C is for the services first; the broker goes last
        )
        assert self._tether.stdout is not None  # noqa: S101  (asked for above)
        self._pid = int(self._tether.stdout.readline() or "0")

    def _wait_until_it_answers(self, deadline: int) -> None:
        while not _accepts_connections(self.port):
            self._check_progress(deadline)
            select.select([], [], [], 0.05)
        # Level 0 keeps librdkafka from writing each failed attempt to stderr; that there are some is expected.
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 0, **self._login()})
        while not _has_a_broker(admin):
            self._check_progress(deadline)

    def _login(self) -> dict[str, str | int | float | bool]:
        for name, password in self._options.users.items():
            return {
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanisms": "PLAIN",
                "sasl.username": name,
                "sasl.password": password,
            }
        return {}

    def _check_progress(self, deadline: int) -> None:
        if self._tether is not None and self._tether.poll() is not None:
            message = f"Kafka ended by itself with status {self._tether.returncode}{self._tail()}"
            raise Misconfigured(message)
        if self._clock.monotonic_ms() > deadline:
            message = f"Kafka did not answer within {self._options.start_timeout_seconds:g} s{self._tail()}"
            raise Unreachable(message)

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return "; the end of its log:\n" + "\n".join(lines)

    def stop(self) -> None:
        """
        Ask the node to shut down in order, wait, insist after a while; its records stay.
        """
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """
        End the node at once, as a power cut would; its records stay as they are.
        """
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """
        Stop the node from answering, with its connections open; `resume` undoes it.
        """
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        running, self._tether = self._tether, None
        if running is None:
            return
        # The tether has not collected its child before it ended itself, so the id cannot belong to another process.
        if running.poll() is None and self._pid:
            os.kill(self._pid, signal.SIGCONT)
            os.kill(self._pid, how)
        try:
            running.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.kill(self._pid, signal.SIGKILL)
            running.wait(_STOP_SECONDS)
        for pipe in (running.stdin, running.stdout):
            if pipe is not None:
                pipe.close()
        self._pid = 0

    def close(self) -> None:
        """
        Stop the node and remove its folder, if nobody named one.
        """
        if self._own_folder:
            # Nobody will read these records again, so there is nothing to bring in order.
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.stop()


def _accepts_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True


def _has_a_broker(admin: AdminClient) -> bool:
    try:
        return bool(admin.list_topics(timeout=2.0).brokers)
    except KafkaException:
        return False
