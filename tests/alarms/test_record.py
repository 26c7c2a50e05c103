"""What was told to whom: each trouble once, a standing one daily, its end once, whatever is killed in between."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.alarms.record import AlarmRecord

T0 = dt.datetime(2021, 7, 6, 1, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=5), dt.timedelta(days=1)


def due(path: Path, now: dt.datetime, channel: str = "thu") -> list[str]:
    return [n.notice_id.split("#")[1] for n in AlarmRecord(path).find_due(channel, now)]


def tell(path: Path, now: dt.datetime, event: str = "sent") -> None:
    record = AlarmRecord(path)
    notices = record.find_due("thu", now)
    record.add(notices, "thu", "begun", now)
    if event:
        record.add(notices, "thu", event, now)  # type: ignore[arg-type]


def test_a_trouble_is_told_once_then_daily_and_its_end_once(tmp_path: Path) -> None:
    path = tmp_path / "alarms" / "r.jsonl"
    AlarmRecord(path).open("worker_dead/thidua", "chết", T0)
    assert due(path, T0) == ["0"]
    tell(path, T0)
    assert due(path, T0 + MINUTE) == [] and due(path, T0 + MINUTE, "khác") == ["0"]
    assert due(path, T0 + DAY) == ["1"]
    tell(path, T0 + DAY)
    assert due(path, T0 + DAY + MINUTE) == []
    record = AlarmRecord(path)
    [episode] = record.open_episodes().values()
    record.close(episode, T0 + 2 * DAY)
    assert record.open_episodes() == {}
    assert due(path, T0 + 2 * DAY) == ["over"] and due(path, T0 + 2 * DAY, "khác") == []
    tell(path, T0 + 2 * DAY)
    assert due(path, T0 + 9 * DAY) == []
    record = AlarmRecord(path)
    record.open("worker_dead/thidua", "lại chết", T0 + 3 * DAY)
    assert due(path, T0 + 3 * DAY) == ["0"]


def test_a_trouble_that_comes_and_goes_is_not_told_every_time(tmp_path: Path) -> None:
    """Ten minutes up, ten minutes down, for a day: three beginnings, two ends, then quiet until it is calm."""
    path = tmp_path / "r.jsonl"
    told: list[str] = []
    for number in range(140):
        now = T0 + number * 2 * MINUTE
        record = AlarmRecord(path)
        standing = record.open_episodes().get("server_down/prefect")
        if standing is None:
            record.open("server_down/prefect", "tắt", now)
        else:
            record.close(standing, now)
        told += due(path, now)
        tell(path, now)
    assert told == ["0", "over", "0", "over", "0"]
    assert due(path, now + 10 * MINUTE) == [], "it may be back within the hour"
    assert due(path, now + 12 * MINUTE) == ["over"]
    tell(path, now + 12 * MINUTE)
    AlarmRecord(path).open("server_down/prefect", "tắt", now + 18 * MINUTE)
    assert due(path, now + 18 * MINUTE) == ["0"], "what comes back after a calm is told"


def test_what_failed_is_tried_again_and_what_was_cut_short_once_more(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    AlarmRecord(path).open("server_down/prefect", "tắt", T0)
    for _ in range(3):
        tell(path, T0, "failed")
        assert due(path, T0) == ["0"]
    tell(path, T0, "")  # killed while sending
    assert due(path, T0) == ["0"]
    tell(path, T0, "")
    assert due(path, T0 + MINUTE) == []
    assert due(path, T0 + DAY) == ["1"]


def test_a_line_cut_short_by_a_kill_harms_no_other(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    AlarmRecord(path).open("a/1", "một", T0)
    with path.open("ab") as file:
        file.write(b'{"event": "opened", "episode": "b/2@')
    record = AlarmRecord(path)
    record.open("c/3", "ba", T0)
    assert sorted(AlarmRecord(path).open_episodes()) == ["a/1", "c/3"]
