"""
Counting: what a run adds to the row of its rule, queue and minute, and takes out again when it is corrected.
"""

from domain.metrics import tally
from domain.sums import tally_answer, tally_checklist
from services.sla.engine.clocks import ABANDONED, ENDED_BY, NEVER, STOPPED, Run
from services.sla.engine.events import Fact
from services.sla.engine.rules import Rule
from services.sla.engine.singles import items_of


def plausible(rule: Rule, run: Run) -> bool:
    """Tell whether a run that was stopped or abandoned lies within its rule's validity; any other is not doubted."""
    return not rule.doubts or run.ended not in (STOPPED, ABANDONED) or rule.shortest <= run.value <= rule.longest


def count_run(rule: Rule, counts: list[int], sign: int, run: Run, fact: Fact) -> None:
    """
    Count a run that ended into a row, in place; with ``sign`` -1 take it out again.

    ``fact`` is the event that it is about. What a row's fields are depends on the kind of its standard.
    """
    score = rule.standard.score
    if rule.kind == "clock":
        tally(counts, sign, ENDED_BY[run.ended], plausible(rule, run), run.value, run.limit, rule.short_abandon)
    elif score is not None:
        value, highest, _ = run.tells()
        if score.checklists:
            tally_checklist(counts, sign, items_of(score, fact[4]))
        else:
            tally_answer(counts, sign, value, highest)
    elif rule.kind == "rate":
        good, total, *_ = run.tells()
        counts[0] += sign * good
        counts[1] += sign * total
    elif run.ended == STOPPED:
        counts[0] += sign * (run.breach_at == NEVER)
        counts[1] += sign
