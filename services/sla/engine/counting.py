"""
Counting: what a run adds to the row of its rule, queue and minute, and takes out again when it is corrected.
"""

from domain.sums import tally_answer, tally_checklist
from services.sla.engine.clocks import ABANDONED, NEVER, STOPPED, Run, value_of
from services.sla.engine.events import Fact
from services.sla.engine.rules import Rule
from services.sla.engine.singles import items_of


def plausible(rule: Rule, run: Run) -> bool:
    """Tell whether a run that was stopped or abandoned lies within its rule's validity; any other is not doubted."""
    return not rule.doubts or run.ended not in (STOPPED, ABANDONED) or rule.shortest <= value_of(run) <= rule.longest


def count_run(rule: Rule, counts: list[int], sign: int, run: Run, fact: Fact) -> None:
    """
    Count what is no clock and ended into a row, in place; with ``sign`` -1 take it out again.

    ``fact`` is the event that it is about. What a row's fields are depends on the kind of its standard.
    """
    score = rule.standard.score
    if score is not None:
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
