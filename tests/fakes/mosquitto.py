"""
A real MQTT broker, Debian's mosquitto, on a free port of this machine, with one user, and TLS where it is asked for.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paho.mqtt import publish

from services.runtime.mqtt import Broker, Message, Subscription
from tests.fakes.http_receiver import CERTIFICATE
from tests.fakes.ports import reserved_ports
from tests.fakes.waiting import wait_until

USER, PASSWORD = "till", "of-the-till"
CONFIGURATION = """
listener {port} 127.0.0.1
allow_anonymous {anonymous}
persistence true
persistence_location {folder}/
autosave_interval 1
log_type all
{more}
"""


class RunningMosquitto:
    """
    One that runs; ``stop`` and ``start`` take it away and bring it back with what it kept.
    """

    def __init__(self, folder: Path, *, tls: bool, password: bool) -> None:
        program = shutil.which("mosquitto", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
        assert program is not None, "no mosquitto: `make test` installs it, or says how"
        self.port = reserved_ports(1)[0]
        more = f"certfile {CERTIFICATE}\nkeyfile {CERTIFICATE}\n" if tls else ""
        if password:
            accounts = folder / "accounts"
            accounts.touch(mode=0o600)
            writer = shutil.which("mosquitto_passwd")
            assert writer is not None, "no mosquitto_passwd: it comes with mosquitto"
            subprocess.run([writer, "-b", str(accounts), USER, PASSWORD], check=True, capture_output=True)
            more += f"password_file {accounts}\n"
        self._user: Any = {"username": USER, "password": PASSWORD} if password else None
        anonymous = str(not password).lower()
        # As root it would else become another user, who may not read here.
        more += "user root\n" if os.geteuid() == 0 else ""
        self._file = folder / "mosquitto.conf"
        self._file.write_text(CONFIGURATION.format(port=self.port, folder=folder, anonymous=anonymous, more=more))
        self._log = folder / "mosquitto.log"
        self._command = [program, "-c", str(self._file)]
        self._running: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(self._command, stdout=log, stderr=log)
        wait_until(lambda: "running" in self._log.read_text()[self._said_before :], "mosquitto to be ready")

    def stop(self) -> None:
        if self._running is not None:
            self._running.terminate()
            self._running.wait(20)
            self._running = None
            self._said_before = len(self._log.read_text())

    def acknowledged(self, message: Message) -> bool:
        """
        Whether the broker has read the acknowledgement of this message since it was last started.
        """
        said = f"Received PUBACK from sqm-test (Mid: {message.number}, "
        return said in self._log.read_text()[self._said_before :]

    def publish(self, *messages: tuple[str, str]) -> None:
        """
        Publish as a printer does, each acknowledged by the broker.
        """
        sent = [{"topic": topic, "payload": payload, "qos": 1} for topic, payload in messages]
        publish.multiple(sent, hostname="127.0.0.1", port=self.port, auth=self._user)  # type: ignore[arg-type]


@contextmanager
def running_mosquitto(folder: Path, *, tls: bool = False, password: bool = False) -> Iterator[RunningMosquitto]:
    broker = RunningMosquitto(folder, tls=tls, password=password)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()


@contextmanager
def subscribed(broker: Broker, topics: Sequence[str], said: list[str] | None = None) -> Iterator[Subscription]:
    subscription = Subscription(broker, "sqm-test", topics, said.append if said is not None else print)
    subscription.start()
    try:
        yield subscription
    finally:
        subscription.stop()
