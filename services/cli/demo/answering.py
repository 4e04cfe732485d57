"""
Answering alerts in the demo: a key is pressed, and the gravest alert that nobody has taken is acknowledged over HTTP.
"""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Callable
from typing import Final, Self, TextIO

import httpx

from services.cli.demo.alert_scene import AlertScene

__all__ = ["Answering", "Keyboard"]

_ACKNOWLEDGE: Final = "a"
_AT_ONCE: Final = 64


class Answering:
    """
    Acknowledges through the API of the service at `url`, with an operator's token. `taken` has the commands that it
    took, `problem` is what it said to the last one that it did not take.
    """

    def __init__(self, client: httpx.AsyncClient, url: str, token: str, scene: AlertScene) -> None:
        self._client = client
        self._url = url
        self._token = token
        self._scene = scene
        self._asked: set[str] = set()
        self._commands: set[asyncio.Task[None]] = set()
        self.taken: set[str] = set()
        self.problem = ""

    def press(self, key: str) -> None:
        """
        Act on a key; those that mean nothing do nothing.
        """
        if key == _ACKNOWLEDGE:
            command = asyncio.get_running_loop().create_task(self.acknowledge())
            self._commands.add(command)
            command.add_done_callback(self._commands.discard)

    async def acknowledge(self) -> None:
        """
        Acknowledge the first alert that somebody was told of, that nobody has taken, and for which this was not asked.
        """
        alert = next((one for one in self._scene.unanswered() if one.id not in self._asked), None)
        if alert is None:
            return
        self._asked.add(alert.id)
        command = {"action": "acknowledge", "alert": alert.key, "note": "taken at the keyboard of the demo"}
        bearer = {"authorization": f"Bearer {self._token}"}
        try:
            answer = await self._client.post(f"{self._url}/v1/alert-commands", json=command, headers=bearer)
        except httpx.TransportError as error:
            self.problem = f"not acknowledged: {error}"
            return
        self.problem = "" if answer.is_success else f"not acknowledged: {answer.text[:200]}"
        if answer.is_success:
            self.taken.add(answer.json()["id"])


class Keyboard:
    """
    While it is open, each key goes to `pressed` as it is pressed. Without a terminal nobody presses anything.

    Ctrl-C stays what it is, and the terminal is given back as it was. In the background of a shell it is left alone:
    whoever touches it from there is stopped.
    """

    def __init__(self, pressed: Callable[[str], None], stream: TextIO | None = None) -> None:
        self._pressed = pressed
        self._stream = sys.stdin if stream is None else stream
        self.there = self._stream.isatty() and _is_ours(self._stream.fileno())

    def __enter__(self) -> Self:
        if self.there:
            self._before = termios.tcgetattr(self._stream)
            tty.setcbreak(self._stream)
            asyncio.get_running_loop().add_reader(self._stream, self._read)
        return self

    def __exit__(self, *_: object) -> None:
        if self.there:
            asyncio.get_running_loop().remove_reader(self._stream)
            termios.tcsetattr(self._stream, termios.TCSADRAIN, self._before)

    def _read(self) -> None:
        # Not through the stream, which would keep what the loop is then not told of.
        for key in os.read(self._stream.fileno(), _AT_ONCE).decode(errors="replace"):
            self._pressed(key)


def _is_ours(terminal: int) -> bool:
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        # It is not the terminal of our session, so nobody stops us.
        return True
