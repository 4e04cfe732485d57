"""
Loading counts every row once, keeps batches small, and holds no more rejected rows than somebody looks after.
"""

import json
from pathlib import Path

from services.cli.loading import Loading, Summary
from services.ingest.engine.rows import RejectedRow
from tests.fakes.mappings import HEADER, mapping_of


def good(number: int) -> str:
    return f"T{number},d,31.01.2026,{9 - number % 2:02d}:00:00,-\n"


def loading_of(folder: Path, *texts: str, in_time_order: bool = False) -> tuple[Loading, list[RejectedRow]]:
    files = [folder / f"{place}.csv" for place in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(HEADER + text)
    put_aside: list[RejectedRow] = []
    loading = Loading(
        mapping_of(), files, lambda _done, _more: None, Summary(), put_aside.append, in_time_order=in_time_order
    )
    return loading, put_aside


def test_events_come_in_batches_in_the_order_of_the_files(tmp_path: Path) -> None:
    loading, _ = loading_of(tmp_path, "".join(map(good, range(700))), "".join(map(good, range(700, 1_200))))
    batches = list(loading.batches())
    assert [len(batch) for batch in batches] == [500, 500, 200]
    subjects = [json.loads(event)["subject"] for batch in batches for event in batch]
    assert subjects == [f"31.01.2026-T{number}" for number in range(1_200)]
    assert (loading.summary.rows, loading.summary.events) == (1_200, 1_200)


def test_events_come_in_time_order_where_that_is_asked_for(tmp_path: Path) -> None:
    loading, _ = loading_of(tmp_path, "".join(map(good, range(10))), in_time_order=True)
    times = [json.loads(event)["time"] for batch in loading.batches() for event in batch]
    assert times == sorted(times)
    assert len(times) == 10


def test_a_file_of_nothing_but_bad_rows_stays_in_bounds(tmp_path: Path) -> None:
    loading, put_aside = loading_of(tmp_path, "too,short\n" * 2_300)
    most = 0
    for batch in loading.batches():
        assert batch == []
        most = max(most, len(loading.aside))
        loading.aside.clear()
    assert most == 500
    assert len(put_aside) == loading.summary.rejected == 2_300


def test_the_summary_tells_what_became_of_everything(tmp_path: Path) -> None:
    loading, _ = loading_of(tmp_path, good(1) + "too,short\n" + good(2))
    list(loading.batches())
    loading.summary.accepted = 2
    told = "\n".join(loading.summary.told(elapsed_ms=1_000))
    assert "3 rows, 2 events in 1.0 s, 2 events/s" in told
    assert "rejected: 1 × wrong_field_count" in told
    assert "0.csv:3: 2 fields instead of 5 (value too,short)" in told


def test_a_file_unlike_its_mapping_is_counted_apart(tmp_path: Path) -> None:
    loading, _ = loading_of(tmp_path, "")
    (tmp_path / "0.csv").write_text("Other,Header\n1,2\n")
    list(loading.batches())
    assert (loading.summary.rows, loading.summary.unlike_files) == (0, 1)
