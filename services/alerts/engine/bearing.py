"""
What a person can bear: how many messages went out lately, and what was held back since.
"""

import msgspec

from schemas.on_call import PersonLimit
from services.alerts.engine.reaching import Recipient
from services.alerts.engine.rules import NEVER

__all__ = ["Burden"]


class Burden(msgspec.Struct):
    """
    One person's messages: when the last ones went out, how many are held back, and from which groups they come.
    """

    sent: list[int] = []
    held: int = 0
    groups: dict[str, list[Recipient]] = {}
    digests: int = 0
    looked_at: int = NEVER

    def has_room(self, limit: PersonLimit, at: int) -> bool:
        """
        Whether the person can bear another message now; nothing goes past what is held back.
        """
        self.sent = [one for one in self.sent if one + limit.within > at]
        return not self.held and len(self.sent) < limit.messages

    def hold(self, group: str, recipient: Recipient) -> None:
        """
        Hold a message back: of its group is told later what still is news then.
        """
        self.held += 1
        waiting = self.groups.setdefault(group, [])
        if recipient not in waiting:
            waiting.append(recipient)

    def due(self, limit: PersonLimit) -> int:
        """
        When there is room for telling what was held back; NEVER, where nothing was.
        """
        if not self.held:
            return NEVER
        return self.sent[-limit.messages] + limit.within if len(self.sent) >= limit.messages else 0
