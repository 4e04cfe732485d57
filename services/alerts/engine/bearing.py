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
    One person's messages: when the last ones went out, and of which groups, to which contacts, one is held back.
    """

    sent: list[int] = []
    groups: dict[str, list[Recipient]] = {}
    digests: int = 0
    looked_at: int = NEVER

    def has_room(self, limit: PersonLimit, at: int) -> bool:
        """
        Whether the person can bear another message now; nothing goes past what is held back.
        """
        self.sent = [one for one in self.sent if one + limit.within > at]
        return not self.groups and len(self.sent) < limit.messages

    @property
    def held(self) -> int:
        """
        How many messages are held back: one for each group and contact, since it tells all that is news then.
        """
        return sum(map(len, self.groups.values()))

    def hold(self, group: str, recipient: Recipient) -> bool:
        """
        Hold a message back: of its group is told later what still is news then. False where one is already.
        """
        waiting = self.groups.setdefault(group, [])
        if recipient in waiting:
            return False
        waiting.append(recipient)
        return True

    def due(self, limit: PersonLimit) -> int:
        """
        When there is room for telling what was held back; NEVER, where nothing was.
        """
        if not self.groups:
            return NEVER
        return self.sent[-limit.messages] + limit.within if len(self.sent) >= limit.messages else 0
