"""
Whatever is kept, struck off, refused and tried again, in whatever order and over whatever ends of the process: nothing
is lost, nothing comes back, and the figures are those of the file.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.agent.engine import DeadLetter, Lane, Record
from services.agent.shell.store import DiskFull, Keep, Retry, Settle, Store

NOW = 1_772_445_600_000
records = st.builds(
    Record, st.sampled_from(Lane), st.just(NOW), st.binary(max_size=50), st.sampled_from(["", "/v1/webhooks/a/b?c=d"]),
    st.sampled_from([(), (("x-signature", "é"), ("x", ""))]),
)  # fmt: skip


class AgentStore(RuleBasedStateMachine):
    """
    The store beside lists that say what must be in it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.waiting: list[Record] = []
        self.dead: list[Record] = []
        self.store = self.opened()

    def opened(self) -> Store:
        return Store(self.folder / "a.db", now=NOW, dead_bytes=10**6, file_bytes=300_000)

    @rule(batches=st.lists(st.lists(records, max_size=4), max_size=3))
    def keep(self, batches: list[list[Record]]) -> None:
        self.store.commit([Keep(batch) for batch in batches])
        self.waiting += [record for batch in batches for record in batch]

    @rule(lane=st.sampled_from(Lane), most=st.integers(1, 5), data=st.data())
    def settle(self, lane: Lane, most: int, data: st.DataObject) -> None:
        oldest = self.store.oldest(lane, most, 10**6)
        dead = [one for one in oldest if data.draw(st.booleans())]
        gone = [one.seq for one in oldest if one not in dead]
        self.store.commit([Settle(gone, [DeadLetter(one.seq, "bad", "", NOW) for one in dead])])
        for one in oldest:
            self.waiting.remove(one.record)
        self.dead += [one.record for one in dead]
        self.store.commit([Settle(gone, [DeadLetter(one.seq, "bad", "", NOW) for one in dead])])

    @rule()
    def retry(self) -> None:
        self.store.commit([Retry()])
        self.waiting += self.dead
        self.dead = []

    @rule(kept=records)
    def find_the_disk_full(self, kept: Record) -> None:
        try:
            self.store.commit([Keep([kept]), Settle([1, 2, 3], []), Keep([kept._replace(body=bytes(400_000))])])
        except DiskFull:
            return
        raise AssertionError("there was no room for that")

    @rule()
    def end_and_begin_again(self) -> None:
        self.store.close()
        self.store = self.opened()

    @invariant()
    def holds_what_it_must(self) -> None:
        found = [one.record for lane in Lane for one in self.store.oldest(lane, 10**6, 10**9)]
        assert sorted(found, key=repr) == sorted(self.waiting, key=repr)
        assert sorted((one.record for one in self.store.dead(10**6)), key=repr) == sorted(self.dead, key=repr)
        totals = self.store.totals
        assert totals.waiting == {lane: sum(one.lane is lane for one in self.waiting) for lane in Lane}
        assert totals.waiting_bytes == sum(one.size for one in self.waiting)
        assert (totals.dead, totals.dead_bytes) == (len(self.dead), sum(one.size for one in self.dead))

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)


TestAgentStore = AgentStore.TestCase
TestAgentStore.settings = settings(stateful_step_count=15)
