"""
Proposals are paired by id, live side by side under keys of their own, and are in force all along.
"""

from pathlib import Path

import pytest

from schemas.register import Site
from schemas.standards import DOCUMENTS, Standard
from services.cli.backtest.proposals import trial_of
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import Found
from tests.fakes.outcomes import standard


def written(id_: str = "wait", version: int = 1, file: str = "a.yaml", line: int = 1) -> Found:
    one = standard()
    changed = one.metadata.model_copy(update={"id": id_, "version": version})
    return Found(one.model_copy(update={"metadata": changed}), Path(file), line)


def site(zone: str = "Europe/Riga") -> Found:
    document = {
        "apiVersion": "sqm/v1",
        "kind": "Site",
        "metadata": {"id": "branch", "title": "A branch", "zone": zone},
    }
    return Found(DOCUMENTS.validate_python(document), Path("sites.yaml"), 1)


def test_a_proposal_stands_beside_all_versions_of_its_id() -> None:
    trial = trial_of([written(version=3)], [written(version=2), written(version=1), written("other")])
    ((new, old),) = trial.pairs
    assert old is not None
    assert (new.label, old.label, old.latest.metadata.version) == ("wait@3", "wait@1,2", 2)
    assert trial.left_out == ("other",)


def test_a_proposal_without_a_partner_stands_alone() -> None:
    trial = trial_of([written("new")], [written()])
    assert [(pair.new.label, pair.old) for pair in trial.pairs] == [("new@1", None)]


def test_the_proposal_is_in_force_all_along_and_the_old_keeps_its_dates() -> None:
    trial = trial_of([written(version=2)], [written()])
    old, new = (one for one in trial.documents if isinstance(one, Standard))
    assert old.metadata.effective_from == standard().metadata.effective_from
    assert (new.metadata.effective_from.year, new.metadata.effective_until) == (1970, None)


def test_each_side_has_a_key_of_its_own_and_sites_go_with_them() -> None:
    trial = trial_of([written(), written(file="b.yaml"), site()], [written()])
    keys = [one.metadata.id for one in trial.documents if isinstance(one, Standard)]
    assert len(set(keys)) == 3
    assert keys == [trial.pairs[0].old.key if trial.pairs[0].old else "", *(pair.new.key for pair in trial.pairs)]
    assert [one.metadata.id for one in trial.documents if isinstance(one, Site)] == ["branch"]


def test_alternatives_are_named_by_file_and_if_need_be_by_line() -> None:
    files = [written(file="x/a.yaml"), written(file="x/b.yaml"), written(file="y/b.yaml", line=4), written("own")]
    assert [pair.new.label for pair in trial_of(files, []).pairs] == [
        "wait@1 (a)",
        "wait@1 (x/b.yaml:1)",
        "wait@1 (y/b.yaml:4)",
        "own@1",
    ]


def test_what_both_sides_share_is_one_document() -> None:
    assert len(trial_of([written(), site()], [site()]).documents) == 2
    with pytest.raises(Misconfigured, match=r"sites.yaml:1: Site/branch is another one in sites.yaml:1"):
        trial_of([written(), site()], [site("Europe/Berlin")])
