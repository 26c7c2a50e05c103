"""The synthetic history: the same for one seed, labelled, plausible by our own rules, with just the declared events."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from catalogue import load_catalogue
from catalogue.model import Catalogue
from catalogue.ranking import ranked_by
from examples.history.events import CORRECTION, CRITICAL, LATE, MISSING, RESTATED, read_events
from examples.history.home import plan_runs
from examples.history.overlay import FINALITY, open_catalogue, write_catalogue
from examples.history.sending import SYNTHETIC, VIETNAM, Sent, send_period
from examples.history.spans import REAL, half_of, list_periods
from examples.history.truth import Truth
from examples.history.workbooks import LABEL, file_name, render
from examples.history.writing import Received, read_received, write_history
from transforms.admission import admit
from transforms.comparison import half_before, measure_ranks, same_half_before
from transforms.consolidation import UnitFigures
from transforms.history import measure_history
from transforms.measurement import Measurement, measure_unit
from transforms.observation import Observation, Reading
from transforms.peers import measure_peers
from transforms.reading import read_return

SEED = 2021
PERIODS = list_periods()
PAIR = ("2022H1", "2022H2")
CUMULATIVE = ("ntm_communes_certified", "ntm_communes_advanced", "ntm_communes_model", "ntm_districts_certified")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(write_catalogue(tmp_path_factory.mktemp("overlay") / "catalogue"))


@pytest.fixture(scope="module")
def sent(catalogue: Catalogue) -> dict[str, list[Sent]]:
    """All files of the history without writing them, by half-year."""
    truth = Truth(catalogue, SEED)
    return {period: send_period(truth, period) for period in PERIODS}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of two half-years."""
    folder = tmp_path_factory.mktemp("history") / "files"
    write_history(folder, SEED, PAIR, tell=lambda _: None)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def versions_of(sent: Mapping[str, list[Sent]], period: str, province: str) -> list[Sent]:
    return [s for s in sent[period] if s.province_id == province]


def last_figures(sent: Mapping[str, list[Sent]], catalogue: Catalogue) -> dict[str, dict[str, Mapping[str, Decimal]]]:
    """What stands last of every province in every half-year, the real figures of 2021H1 included."""
    found = {p: {s.province_id: s.figures for s in files if s.version} for p, files in sent.items()}
    real = Truth(catalogue, SEED).anchors.real
    found[REAL] = {u: {code: v for (unit, code), v in real.items() if unit == u} for u in found[REAL]}
    return {p: {u: f for u, f in units.items() if u != catalogue.cluster_id} for p, units in found.items()}


def test_one_seed_gives_the_same_bytes_and_another_seed_others(written: Path, tmp_path: Path) -> None:
    write_history(tmp_path / "again", SEED, PAIR[:1], tell=lambda _: None)
    write_history(tmp_path / "other", SEED + 1, PAIR[:1], tell=lambda _: None)
    first, again, other = (
        {name: data for name, data in tree(folder).items() if name.startswith(PAIR[0])}
        for folder in (written, tmp_path / "again", tmp_path / "other")
    )
    assert first == again
    assert first.keys() == other.keys()
    assert all(first[name] != other[name] for name in first)


def test_every_synthetic_file_says_so_in_its_name_on_its_cover_and_in_its_properties(written: Path) -> None:
    rows = read_received(written)
    assert {row.source for row in rows} == {SYNTHETIC}
    for row in rows:
        assert LABEL in row.file
        with zipfile.ZipFile(written / row.file) as book:
            assert "synthetic" in book.read("docProps/core.xml").decode()
            assert f"{FINALITY}<" in book.read("xl/sharedStrings.xml").decode()
    assert "SYNTHETIC" in (written / "README.md").read_text(encoding="utf-8")


def test_a_synthetic_return_that_strays_into_a_real_home_is_refused(written: Path, catalogue: Catalogue) -> None:
    data = next((written / PAIR[1]).glob("Hưng Yên/*.xlsx")).read_bytes()
    assert not read_return(catalogue, data).problems
    strayed = read_return(load_catalogue(), data)
    assert strayed.source == SYNTHETIC
    assert [p.rule_code for p in admit(strayed, takes_synthetic=False).problems] == ["synthetic_file"]


def test_what_is_read_is_what_was_sent(catalogue: Catalogue, sent: dict[str, list[Sent]], written: Path) -> None:
    for file in sent[PAIR[1]]:
        [path] = written.glob(f"{PAIR[1]}/*/{file_name(file)}")
        reading = read_return(catalogue, path.read_bytes())
        assert (reading.province_id, reading.period_code, reading.problems) == (file.province_id, PAIR[1], ())
        assert {o.indicator_code: o.value for o in reading.observations if o.value is not None} == file.figures
        states = {o.state for o in reading.observations if o.value is None}
        assert states <= {"blank", "none_arising"}


def test_the_files_of_2021h1_are_the_real_ones(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    root = Path(__file__).resolve().parents[2] / "examples" / "returns"
    rendered = {file_name(s): render(catalogue, s, SEED) for s in sent[REAL]}
    assert rendered == {p.name: p.read_bytes() for p in root.glob("*/*.xlsx")}


def broken(catalogue: Catalogue, sent: Mapping[str, list[Sent]]) -> Iterator[tuple[str, Measurement]]:
    """Every measurement of the last versions that does not hold, by half-year."""
    last = last_figures(sent, catalogue)
    for period in PERIODS:
        units = tuple(
            UnitFigures(u, u, {c: Observation(c, "number", v) for c, v in f.items()}, {})
            for u, f in last[period].items()
        )
        earlier = {same_half_before(period), half_before(period)} & set(PERIODS)
        past = {(p, u, c): v for p in earlier for u, f in last[p].items() for c, v in f.items()}
        measured = [m for unit in units for m in measure_unit(catalogue, period, unit)]
        measured += measure_history(catalogue, period, units, past)
        measured += [*measure_peers(catalogue, period, units), *measure_ranks(catalogue, period, units)]
        yield from ((period, m) for m in measured if m.is_broken)


def test_only_what_is_declared_breaks_a_rule(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    declared = {(e.period_code, e.province_id, e.indicator_code) for e in read_events() if e.kind == RESTATED}
    found = Counter[tuple[str, str]]()
    planted = set()
    for period, m in broken(catalogue, sent):
        of = catalogue.indicators[m.indicator_code].growth_of
        is_declared = m.rule_code == "change_fits_growth" and (period, m.province_id, of) in declared
        planted |= {(period, m.province_id, of)} if is_declared else set()
        if not is_declared and period != REAL:
            found[m.rule_code, f"{period} {m.province_id} {m.indicator_code}"] += 1
    assert not found
    assert ("2022H1", "hai-duong", "new_enterprises") in planted


def test_the_table_of_poverty_is_ranked_by_the_standard_of_its_day(catalogue: Catalogue) -> None:
    [table] = [t for t in catalogue.tables if t.table_code == "ho-ngheo"]
    assert ranked_by(catalogue, table, "2021H2") == "poverty_rate"
    assert ranked_by(catalogue, table, "2022H1") == "poverty_rate_2022"
    ended = replace(catalogue.indicators["poverty_rate_2022"], unit_code="person")
    other = replace(catalogue, indicators={**catalogue.indicators, "poverty_rate_2022": ended})
    assert ranked_by(other, table, "2022H1") == "", "another unit: the direction may not fit"


def test_what_is_cumulative_never_falls_and_shares_stay_within_bounds(
    catalogue: Catalogue, sent: dict[str, list[Sent]]
) -> None:
    last = last_figures(sent, catalogue)
    for province in (p.province_id for p in catalogue.members_of("2016H1")):
        for code in CUMULATIVE:
            path = [figures[code] for p in PERIODS[:-1] if code in (figures := last[p].get(province, {}))]
            assert path == sorted(path), (province, code)
    for period, units in last.items():
        for figures in units.values() if period != REAL else ():
            shares = [v for c, v in figures.items() if catalogue.indicators[c].high == 100]
            assert shares and all(0 <= share <= 100 for share in shares)


def test_turnout_is_told_only_where_there_was_an_election(sent: dict[str, list[Sent]]) -> None:
    told = {p for p, files in sent.items() if any("voter_turnout" in s.figures for s in files)}
    assert told == {"2016H1"}  # and 2021H1, which is real


def test_an_indicator_changes_in_2022(sent: dict[str, list[Sent]]) -> None:
    for period in set(PERIODS) - {REAL}:
        codes = {"poverty_rate", "poverty_rate_2022"} & set(versions_of(sent, period, "hung-yen")[0].figures)
        assert codes == ({"poverty_rate"} if period < "2022H1" else {"poverty_rate_2022"})


@pytest.mark.parametrize("event", read_events(), ids=lambda e: f"{e.event} {e.indicator_code}")
def test_every_event_happens_as_it_is_declared(
    catalogue: Catalogue, sent: dict[str, list[Sent]], event: object
) -> None:
    from examples.history.events import Event

    assert isinstance(event, Event)
    files = versions_of(sent, event.period_code, event.province_id)
    due = catalogue.calendar[event.period_code].due_on
    code = event.indicator_code
    if event.kind == MISSING:
        assert not files
    elif event.kind == LATE:
        assert [s.arrives_at.date() > due for s in files] == [True]
    elif event.kind in (CORRECTION, CRITICAL):
        first, second = files
        assert first.arrives_at.date() <= due < second.arrives_at.date() == event.arrives_on
        if event.kind == CORRECTION:
            assert second.figures[code] - first.figures[code] == event.amount
        else:
            assert first.figures[code] == event.amount != second.figures[code]
    else:
        [file] = files
        then = last_figures(sent, catalogue)[same_half_before(event.period_code)][event.province_id]
        assert file.previous is not None and file.previous[code] - then[code] == event.amount
        declared = {e.indicator_code for e in read_events() if (e.event, e.kind) == (event.event, RESTATED)}
        assert {c for c in then if file.previous[c] != then[c]} == declared


def test_there_are_as_many_events_as_the_documents_say() -> None:
    counts = Counter({kind: len({e.event for e in read_events() if e.kind == kind}) for kind in (CORRECTION, LATE)})
    assert counts == {CORRECTION: 12, LATE: 5}
    assert [sum(e.kind == kind for e in read_events()) for kind in (MISSING, CRITICAL)] == [1, 1]


def test_a_merged_province_reports_the_sum_of_its_parts(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    truth = Truth(catalogue, SEED)
    assert {s.province_id for s in sent["2025H2"]} == {
        *("bac-ninh", "hai-phong", "hung-yen", "ninh-binh", "phu-tho", "quang-ninh", "toan-cum")
    }
    for successor, parts in (("hung-yen", ("hung-yen", "thai-binh")), ("bac-ninh", ("bac-ninh", "bac-giang"))):
        [file] = versions_of(sent, "2025H2", successor)
        for code in ("new_enterprises", "ntm_communes_total", "budget_revenue"):
            assert file.figures[code] == sum(truth.counts[part, "2025H2"][code] for part in parts)


def test_the_cluster_announces_the_sum_of_its_returns(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    last = last_figures(sent, catalogue)
    for period in set(PERIODS) - {REAL}:
        announced = versions_of(sent, period, catalogue.cluster_id)[-1].figures
        for code in ("new_enterprises", "ntm_communes_certified", "new_jobs"):
            assert announced[code] == sum(figures[code] for figures in last[period].values())


def test_runs_go_forward_in_time_and_take_every_file_once(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    rows = [
        Received(p, s.province_id, s.version, file_name(s), s.arrives_at, s.source, s.event)
        for p, files in sent.items()
        for s in files
    ]
    runs = plan_runs(catalogue, rows)
    assert [run.at for run in runs] == sorted(run.at for run in runs)
    assert sorted(row.file for run in runs for row in run.arrived) == sorted(row.file for row in rows)
    assert all(row.received_at <= run.at for run in runs for row in run.arrived)
    first = {run.period_code: run for run in reversed(runs)}
    assert all(first[p].at.date() == catalogue.calendar[p].due_on for p in PERIODS)
    assert all(run.at.tzinfo == VIETNAM for run in runs)
    assert 20 < len(runs) <= 40


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bao-cao.xlsx").write_bytes(b"")
    with pytest.raises(ValueError, match="not empty"):
        write_history(tmp_path, SEED, PAIR, tell=lambda _: None)
    assert list(tmp_path.iterdir()) == [tmp_path / "bao-cao.xlsx"]


def test_the_document_names_every_event(catalogue: Catalogue) -> None:
    from examples.history.notices import list_events

    text = (Path(__file__).resolve().parents[2] / "docs" / "history.md").read_text(encoding="utf-8")
    assert "\n".join(list_events(catalogue)) in text


def test_a_column_of_last_year_repeats_what_was_reported_but_for_what_is_declared(
    catalogue: Catalogue, sent: dict[str, list[Sent]]
) -> None:
    last = last_figures(sent, catalogue)
    told = {
        (period, s.province_id, code)
        for period, files in sent.items()
        for s in files
        for code, value in (s.previous or {}).items()
        if value != last[same_half_before(period)][s.province_id][code]
    }
    assert told == {(e.period_code, e.province_id, e.indicator_code) for e in read_events() if e.kind == RESTATED}


def test_own_tables_are_read_without_a_question(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    own = [s for files in sent.values() for s in files if s.previous is not None]
    assert {s.province_id for s in own} == {"hai-duong", "hung-yen", "nam-dinh", "vinh-phuc"}
    assert {half_of(s.period_code) for s in own} == {1, 2}
    for file in own[:: len(own) // 6]:
        reading: Reading = read_return(catalogue, render(catalogue, file, SEED))
        assert {p.rule_code for p in reading.problems} <= {"cells_ignored"}
        assert file.previous is not None
        repeated = {o.indicator_code: o.previous for o in reading.observations if o.previous is not None}
        assert repeated == {c: v for c, v in file.previous.items() if c in repeated}
        assert len(repeated) > 20


def test_a_workbook_says_the_same_whenever_it_is_made(catalogue: Catalogue, sent: dict[str, list[Sent]]) -> None:
    data = render(catalogue, sent["2018H1"][0], SEED)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert {member.date_time for member in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
