"""
Saved topics as files: what was written is read again, and what is not whole is refused.
"""

import gzip
import json
from pathlib import Path

import msgspec
import pytest

from services.cli import main
from services.cli.topic_files import (
    FORMAT,
    Manifest,
    SavedRecord,
    SavedTopic,
    Span,
    TopicWriter,
    new_folder,
    read_manifest,
    read_records,
)
from services.runtime.errors import Misconfigured
from tests.fakes.records import FakeRecord

RECORDS = [
    FakeRecord(topic="t", partition=1, offset=7, timestamp=1_700, key=b"\xff\x00", value="ā".encode(), headers=[]),
    FakeRecord(topic="t", partition=1, offset=9, timestamp=1_701, key=None, value=None, headers=[("ce-id", b"\x01")]),
]


def saved(folder: Path) -> SavedTopic:
    with TopicWriter(folder, "sqm.events.v1") as writer:
        writer.take(RECORDS)
        writer.take([])
    topic = writer.saved([Span(0, 0), Span(7, 10)])
    Manifest(FORMAT, "2026-11-26T00:00:00Z", (topic,), {"sqm.sla": {"sqm.events.v1": {1: 9}}}).write(folder)
    return topic


def test_records_come_back_byte_for_byte(tmp_path: Path) -> None:
    topic = saved(tmp_path)
    manifest = read_manifest(tmp_path)
    assert manifest.topics == (topic,)
    assert manifest.groups == {"sqm.sla": {"sqm.events.v1": {1: 9}}}
    assert list(read_records(tmp_path, topic)) == [
        SavedRecord(1, 7, 1_700, b"\xff\x00", "ā".encode(), ()),
        SavedRecord(1, 9, 1_701, None, None, (("ce-id", b"\x01"),)),
    ]


def test_a_file_can_be_read_by_eye(tmp_path: Path) -> None:
    saved(tmp_path)
    first = gzip.decompress((tmp_path / "sqm.events.v1.jsonl.gz").read_bytes()).splitlines()[0]
    assert first == (b'{"partition":1,"offset":7,"timestamp":1700,"key":"/wA=","value":"xIE=","headers":[]}')


def test_a_folder_that_was_not_saved_to_its_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="was not saved to its end"):
        read_manifest(tmp_path)


def test_a_file_that_has_changed_is_refused(tmp_path: Path) -> None:
    saved(tmp_path)
    with (tmp_path / "sqm.events.v1.jsonl.gz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(Misconfigured, match=r"sqm\.events\.v1\.jsonl\.gz: is not what was saved"):
        read_manifest(tmp_path)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    saved(tmp_path)
    (tmp_path / "sqm.events.v1.jsonl.gz").unlink()
    with pytest.raises(Misconfigured, match=r"sqm\.events\.v1\.jsonl\.gz: No such file"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"format": "sqm/topics/v9", "made_at": "", "topics": [], "groups": {}}', "this version reads"),
        ('{"format": 1}', "save the topics again"),
        ("PK", "save the topics again"),
    ],
)
def test_a_manifest_of_something_else_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(Misconfigured, match=complaint):
        read_manifest(tmp_path)


@pytest.mark.parametrize("spans", [[], [{"first": 3, "end": 2}], [{"first": -1, "end": 2}]])
def test_spans_that_are_none_are_refused(tmp_path: Path, spans: list[dict[str, int]]) -> None:
    saved(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["topics"][0]["spans"] = spans
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Misconfigured, match=r"spans of sqm\.events\.v1 are none"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("spans", "complaint"),
    [
        ([Span(7, 10)], "line 1: offset 7 of partition 1 lies outside"),
        ([Span(0, 0), Span(8, 10)], "line 1: offset 7"),
        ([Span(0, 0), Span(7, 9)], "line 2: offset 9"),
    ],
)
def test_a_record_without_a_place_is_told(tmp_path: Path, spans: list[Span], complaint: str) -> None:
    topic = msgspec.structs.replace(saved(tmp_path), spans=tuple(spans))
    with pytest.raises(Misconfigured, match=complaint):
        list(read_records(tmp_path, topic))


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"PK", "behind line 0"),
        (gzip.compress(b"{}\n", mtime=0), "line 1"),
        (gzip.compress(b"x" * 99, mtime=0)[:-9], "behind line 0"),
        (gzip.compress(b"x", mtime=0)[:10] + b"\xff" * 20, "behind line 0"),
    ],
)
def test_what_holds_no_records_is_told_with_its_place(tmp_path: Path, content: bytes, place: str) -> None:
    topic = saved(tmp_path)
    (tmp_path / "sqm.events.v1.jsonl.gz").write_bytes(content)
    with pytest.raises(Misconfigured, match=rf"sqm\.events\.v1\.jsonl\.gz: {place}: .*take another copy"):
        list(read_records(tmp_path, topic))


def test_each_saving_has_a_folder_of_its_own(tmp_path: Path) -> None:
    new_folder(tmp_path / "a" / "b")
    new_folder(tmp_path / "a" / "b")
    with pytest.raises(Misconfigured, match="is not empty"):
        new_folder(tmp_path / "a")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["topics", "export", str(tmp_path / "file" / "a")]) == 2
    assert f"{tmp_path}/file/a: cannot be written: Not a directory" in capsys.readouterr().err
