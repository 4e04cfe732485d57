"""
Reading standards, sites and sources from files, with every fault told.
"""

from pathlib import Path

import pytest

from services.cli.demo.line import demo_folder
from services.runtime.errors import Misconfigured
from services.sla.shell.documents import read_documents_of, require

SITE = "apiVersion: sqm/v1\nkind: Site\nmetadata: {id: %s, title: A site}\n"


def test_the_documents_of_the_demo_are_valid() -> None:
    kinds = [one.document.kind for one in require(read_documents_of([demo_folder()]))]
    assert kinds.count("Standard") == 6
    assert kinds.count("Site") == 3
    assert kinds.count("Source") == 4


def test_a_configuration_of_alerts_may_lie_in_the_folder_but_is_no_document_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SITE % "s1")
    alerting = tmp_path / "alerting.yaml"
    alerting.write_text("apiVersion: sqm/v1\nkind: Alerting\n")
    assert [one.document.metadata.id for one in require(read_documents_of([tmp_path]))] == ["s1"]
    assert "'Alerting'" in str(read_documents_of([alerting]).faults[0])


def test_every_fault_of_every_file_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: sqm/v1\nkind: Site\nmetadata:\n  id: s1\n  titel: Wrong\n")
    (tmp_path / "b.yml").write_text("kind: Standrad\n")
    (tmp_path / "c.yaml").write_text(SITE % "good")
    reading = read_documents_of([tmp_path])
    assert [one.document.metadata.id for one in reading.found] == ["good"]
    told = "\n".join(map(str, reading.faults))
    assert "a.yaml:5: metadata.titel" in told
    assert "b.yml:1: kind" in told
    with pytest.raises(Misconfigured, match="fault"):
        require(reading)


def test_the_same_document_twice_is_a_fault_that_names_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SITE % "s1")
    (tmp_path / "b.yaml").write_text("---\n" + SITE % "s1")
    (fault,) = read_documents_of([tmp_path]).faults
    assert fault.file == str(tmp_path / "b.yaml")
    assert "a.yaml:1" in fault.problem


def test_alternatives_may_be_the_same_document_in_several_files_but_not_in_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SITE % "s1")
    (tmp_path / "b.yaml").write_text(SITE % "s1" + "---\n" + SITE % "s1")
    reading = read_documents_of([tmp_path], alternatives=True)
    assert [one.file.name for one in reading.found] == ["a.yaml", "b.yaml"]
    (fault,) = reading.faults
    assert f"is also in {tmp_path / 'b.yaml'}:1" in fault.problem


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"holds no \.yaml file"):
        read_documents_of([tmp_path])


def test_an_empty_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# nothing yet\n")
    assert "holds no document" in read_documents_of([tmp_path / "a.yaml"]).faults[0].problem


def test_a_folder_that_kubernetes_mounted_from_a_configmap_has_each_file_once(tmp_path: Path) -> None:
    (tmp_path / "..2026_11_26_08_00").mkdir()
    (tmp_path / "..2026_11_26_08_00" / "a.yaml").write_text(SITE % "s1")
    (tmp_path / "..data").symlink_to("..2026_11_26_08_00")
    (tmp_path / "a.yaml").symlink_to("..data/a.yaml")
    assert [one.document.metadata.id for one in require(read_documents_of([tmp_path]))] == ["s1"]
