"""
A room of a chat that takes Slack's form of messages: blocks for Slack, and the same as text for those that know none
(Mattermost, Rocket.Chat). The buttons are links to the page that acknowledges, so the chat needs no way back to us.
"""

import json
from collections.abc import Iterator
from typing import Final

from schemas.receivers import Chat
from services.alerts.shell.notifiers.harmless import chat_text, web_address
from services.alerts.shell.notifiers.message import Message
from services.alerts.shell.notifiers.posting import Poster
from services.alerts.shell.notifiers.texts import LISTED
from services.runtime.clock import Clock
from services.runtime.secrets import Secrets

__all__ = ["ChatChannel", "chat_message"]

_HEADER: Final = 150
_SECTION: Final = 2_900
_BUTTON: Final = 75
_ADDRESS: Final = 3_000
"""Slack refuses a message in which one of these is longer."""


class ChatChannel:
    """
    Posts into one room.
    """

    def __init__(self, chat: Chat, poster: Poster, secrets: Secrets, clock: Clock) -> None:
        self._chat = chat
        self._poster = poster
        self._secrets = secrets
        self._clock = clock

    async def send(self, message: Message, _: set[str]) -> None:
        await self._poster.post(
            self._secrets.reveal(self._chat.url),
            json.dumps(chat_message(message), ensure_ascii=False).encode(),
            {"Content-Type": "application/json"},
            private=message.receiver.private_addresses,
            now=self._clock.now_ms(),
        )


def chat_message(message: Message) -> dict[str, object]:
    """
    Write a message in Slack's form.
    """
    title, long = message.texts.title, message.texts.long
    links, buttons = [url for _, url in _links(message)], list(_buttons(message))
    # What has a button needs no line with its address.
    pressed = tuple(str(one["url"]) for one in buttons)
    said = "\n".join(line for line in long.splitlines() if not line.endswith(pressed)) if pressed else long
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": _plain(title, _HEADER)},
        # Plain text: in it Slack knows neither mentions nor links.
        {"type": "section", "text": _plain(said, _SECTION)},
    ]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": chat_text(f"{title}\n{long[:_SECTION]}", links), "blocks": blocks}


def _links(message: Message) -> Iterator[tuple[str, str]]:
    """
    The addresses that the message leads to, each with the word on its button.
    """
    listed = message.alerts[:LISTED]
    for alert in listed:
        if url := message.acknowledge.get(alert.key):
            word, what = message.words["acknowledge"], message.about(alert).standard
            yield (f"{word}: {what}" if len(listed) > 1 and what else word), url
    if len(listed) == 1:
        about = message.about(listed[0])
        for word, address in (("runbook", about.runbook), ("dashboard", about.dashboard)):
            if url := web_address(address):
                yield message.words[word], url


def _buttons(message: Message) -> Iterator[dict[str, object]]:
    for text, url in _links(message):
        if len(url) <= _ADDRESS:
            yield {"type": "button", "text": _plain(text, _BUTTON), "url": url}


def _plain(text: str, most: int) -> dict[str, object]:
    return {"type": "plain_text", "text": text if len(text) <= most else text[: most - 1] + "…", "emoji": False}
