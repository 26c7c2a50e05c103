"""Which file is the answer when several lie in a folder, over several looks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from catalogue import load_catalogue
from transforms.observation import Explanation, Observation, Problem, Reading, Ruling, Submission
from transforms.rulings import apply_rulings, find_in_force
from transforms.succession import Arrival, attribute, find_current, find_other_periods, held_notices, settle

CATALOGUE = load_catalogue()
START = dt.datetime(2021, 7, 1, 8, tzinfo=dt.UTC)
PERIOD, UNIT = "2021H1", "hung-yen"


def arrival(path: str, content: str, hours: int = 0) -> Arrival:
    return Arrival(path, path.rsplit("/", 1)[-1], content, START + dt.timedelta(hours=hours))


class Folder:
    """A unit's folder looked at again and again."""

    def __init__(self) -> None:
        self.stored: list[Submission] = []
        self.readings: dict[str, Reading] = {}
        self.rulings: list[Ruling] = []
        self.look_number = 0

    def look(self, *arrivals: Arrival, rejected: tuple[str, ...] = ()) -> list[Submission]:
        self.look_number += 1
        for a in arrivals:
            figure = Observation("new_jobs", "number", Decimal(ord(a.sha256[0])))
            is_reply = a.path.startswith("reply")
            figures, told = ((), (Explanation("f", "h", "số đúng"),)) if is_reply else ((figure,), ())
            refused = a.sha256 in rejected
            self.readings[a.sha256] = Reading(
                a.sha256,
                UNIT,
                PERIOD,
                observations=figures,
                is_rejected=refused,
                explanations=told,
                has_list="marked" in a.path,
            )
        now = START + dt.timedelta(days=self.look_number)
        new = settle(UNIT, PERIOD, self.known, arrivals, self.readings, now)
        self.stored += new
        self.arrivals = arrivals
        return new

    def rule(self, kind: str, version: int, hours: int = 0) -> None:
        """The office rules about a version, `hours` after the last look."""
        now = START + dt.timedelta(days=self.look_number, hours=hours)
        named = next(s.submission_id for s in self.known if s.version == version)
        self.rulings.append(
            Ruling(f"R{len(self.rulings)}", kind, PERIOD, UNIT, "vì thế", "Hoa", now, named)  # type: ignore[arg-type]
        )

    @property
    def known(self) -> list[Submission]:
        return apply_rulings(self.stored, find_in_force(self.rulings))

    @property
    def current(self) -> str | None:
        rejected = {sha for sha, r in self.readings.items() if r.is_rejected}
        found = find_current(self.known, rejected)
        return None if found is None else found.sha256

    @property
    def notices(self) -> list[str]:
        rejected = {sha for sha, r in self.readings.items() if r.is_rejected}
        current = find_current(self.known, rejected)
        return [problem.rule_code for problem, _ in held_notices(self.known, current, self.arrivals)]


def test_the_same_file_again_is_no_news() -> None:
    folder = Folder()
    assert [s.version for s in folder.look(arrival("a.xlsx", "A"))] == [1]
    assert folder.look(arrival("a.xlsx", "A")) == []
    assert folder.look(arrival("copy of a.xlsx", "A"), arrival("a.xlsx", "A")) == []


def test_a_changed_file_is_a_new_version_and_current() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A"))
    assert [s.version for s in folder.look(arrival("a.xlsx", "B"))] == [2]
    assert folder.current == "B"
    assert [s.version for s in folder.look(arrival("a.xlsx", "A"))] == [3], "back to the first content"
    assert folder.current == "A"


def test_a_corrected_file_under_another_name_is_taken_when_it_is_newer() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 5))
    folder.look(arrival("a.xlsx", "A", 5), arrival("a-sua.xlsx", "B", 6))
    assert (folder.current, folder.notices) == ("B", [])


def test_an_older_file_that_appears_late_does_not_displace() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 5))
    folder.look(arrival("a.xlsx", "A", 5), arrival("cu.xlsx", "B", 1))
    assert (folder.current, folder.notices) == ("A", ["older_file"])
    folder.look(arrival("a.xlsx", "A", 5))
    assert folder.notices == []


def test_of_two_newcomers_the_later_modified_is_taken_provisionally() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 2), arrival("b.xlsx", "B", 1))
    assert (folder.current, folder.notices) == ("A", ["rival_files"])
    folder.look(arrival("a.xlsx", "A", 2), arrival("b.xlsx", "B", 1))
    assert (folder.current, folder.notices, len(folder.known)) == ("A", ["rival_files"], 2)


def test_two_newcomers_do_not_replace_an_accepted_version() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A"))
    folder.look(arrival("a.xlsx", "B", 1), arrival("b.xlsx", "C", 2))
    assert (folder.current, folder.notices) == ("A", ["rival_files"])
    folder.look(arrival("a.xlsx", "D", 3), arrival("b.xlsx", "C", 2))
    assert (folder.current, folder.notices) == ("D", [])


def test_taking_the_rival_away_settles_the_question() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 2), arrival("b.xlsx", "B", 1))
    folder.look(arrival("b.xlsx", "B", 1))
    assert (folder.current, folder.notices) == ("B", [])
    other = Folder()
    other.look(arrival("a.xlsx", "A", 2), arrival("b.xlsx", "B", 1))
    other.look(arrival("a.xlsx", "A", 2))
    assert (other.current, other.notices, len(other.known)) == ("A", [], 2)


def test_a_broken_file_leaves_the_accepted_version_current() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A"))
    new = folder.look(arrival("a.xlsx", "broken", 1), rejected=("broken",))
    assert [s.version for s in new] == [2]
    assert folder.current == "A"
    both = Folder()
    both.look(arrival("a.xlsx", "broken"), arrival("b.xlsx", "B"), rejected=("broken",))
    assert (both.current, both.notices) == ("B", [])


@pytest.mark.parametrize(("named", "rejected"), [(UNIT, False), ("", False), ("ha-nam", True)])
def test_a_file_is_attributed_to_its_folder(named: str, rejected: bool) -> None:
    reading = attribute(CATALOGUE, Reading("A", named, PERIOD), UNIT, PERIOD)
    assert reading.is_rejected is rejected
    assert bool(reading.problems) is (named != UNIT)


# --- files of several units or periods -----------------------------------------------------------------------------

JOBS = Observation("new_jobs", "number")
LOST = Problem("cell_unclaimed", observed="ghi chú")
OWN_TROUBLE = Problem("number_ambiguous", "new_jobs")


def file_of(*named: tuple[str, str], **more: object) -> Reading:
    parts = tuple(
        Reading("T", unit, period, observations=(JOBS,), problems=(OWN_TROUBLE,), **more)  # type: ignore[arg-type]
        for unit, period in named
    )
    return Reading("T", form_version="2021.1", problems=(LOST,), parts=parts)


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [(p.rule_code, p.observed, p.expected) for p in reading.problems]


def test_of_a_consolidated_file_a_unit_gets_its_part_and_hears_of_the_others() -> None:
    reading = file_of((UNIT, PERIOD), ("ha-nam", PERIOD), (UNIT, "2020H1"), ("", "2020H2"))
    answer = attribute(CATALOGUE, reading, UNIT, PERIOD)
    assert (answer.sha256, answer.province_id, answer.period_code, answer.parts) == ("T", UNIT, PERIOD, ())
    assert (answer.observations, answer.form_version, answer.is_rejected) == ((JOBS,), "2021.1", False)
    others = "Hà Nam, Hưng Yên kỳ 2020H1, kỳ 2020H2"
    assert answer.problems[:2] == (OWN_TROUBLE, LOST)
    assert told(answer)[2:] == [("other_units_in_file", others, "Hưng Yên")]
    assert "other_units_in_file" not in [
        rule for rule, *_ in told(attribute(CATALOGUE, file_of((UNIT, PERIOD)), UNIT, PERIOD))
    ]


def test_a_file_without_a_part_of_the_unit_is_rejected_and_says_whose_it_has() -> None:
    answer = attribute(CATALOGUE, file_of(("ha-nam", PERIOD), ("nam-dinh", "2020H1")), UNIT, PERIOD)
    assert answer.is_rejected and answer.parts == ()
    assert told(answer) == [("several_units", "Hà Nam, Nam Định kỳ 2020H1", "Hưng Yên")]


def test_a_part_without_a_unit_is_the_folders() -> None:
    answer = attribute(CATALOGUE, file_of(("", PERIOD), ("", "2020H1")), UNIT, PERIOD)
    assert not answer.is_rejected
    assert told(answer)[2:] == [
        ("province_from_folder", "", "Hưng Yên"),
        ("other_units_in_file", "kỳ 2020H1", "Hưng Yên"),
    ]
    named = attribute(CATALOGUE, file_of(("", PERIOD), (UNIT, PERIOD)), UNIT, PERIOD)
    assert named.province_id == UNIT, "a part that names the unit comes first"


def test_out_of_another_units_file_only_what_is_named_is_taken_and_told() -> None:
    answer = attribute(CATALOGUE, file_of(("toan-cum", PERIOD), (UNIT, PERIOD)), UNIT, PERIOD, "toan-cum")
    assert told(answer) == [(OWN_TROUBLE.rule_code, "", ""), ("taken_from_consolidated", "Hưng Yên", PERIOD)]
    assert attribute(CATALOGUE, file_of(("", PERIOD)), UNIT, PERIOD, "toan-cum").is_rejected
    assert attribute(CATALOGUE, Reading("T", "", PERIOD), UNIT, PERIOD, "toan-cum").is_rejected


@pytest.mark.parametrize(
    ("named", "kept_for"),
    [
        ([(UNIT, PERIOD), (UNIT, "2020H1")], ""),
        ([(UNIT, "2020H2"), (UNIT, "2020H1")], "2020H1, 2020H2"),
        ([("", "2020H1")], "2020H1"),
        ([("ha-nam", PERIOD), (UNIT, "2020H1")], "2020H1"),
        ([("ha-nam", PERIOD), ("nam-dinh", "2020H1")], ""),
        ([("ha-nam", "2020H1")], "2020H1"),
    ],
)
def test_a_file_waits_for_the_periods_of_the_units_parts(named: list[tuple[str, str]], kept_for: str) -> None:
    assert find_other_periods(file_of(*named), UNIT, PERIOD) == kept_for
    assert find_other_periods(Reading("A", UNIT, "2020H1"), UNIT, PERIOD) == "2020H1"
    assert find_other_periods(Reading("A", UNIT, "", is_rejected=True), UNIT, PERIOD) == ""


def test_an_own_file_comes_before_a_consolidated_one_whatever_their_times() -> None:
    table = {
        "T": file_of((UNIT, PERIOD)),
        "A": Reading("A", UNIT, PERIOD, observations=(Observation("new_jobs", "blank"),)),
    }
    first = settle(UNIT, PERIOD, [], [arrival("chung.xlsx", "T", 9)], table, START, "toan-cum")
    assert [(s.version, s.sent_by, s.is_taken) for s in first] == [(1, "toan-cum", True)]
    own = settle(UNIT, PERIOD, first, [arrival("a.xlsx", "A", 1)], table, START)
    assert [(s.version, s.sent_by, s.is_taken) for s in own] == [(2, "", True)], "older, and taken all the same"
    later = settle(
        UNIT, PERIOD, [*first, *own], [arrival("chung.xlsx", "U", 20)], table | {"U": table["T"]}, START, "toan-cum"
    )
    assert [s.version for s in later] == [3]
    assert find_current([*first, *own, *later], set()) == own[0]
    assert find_current([*first, *own, *later], {"A"}) == later[0], "unless nothing of its own can be used"


def test_a_file_that_only_answers_findings_displaces_nothing() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A"))
    [reply] = folder.look(arrival("a.xlsx", "A"), arrival("reply.xlsx", "R", 5))
    assert (reply.is_taken, reply.held_because) == (False, "reply")
    assert folder.current == "A" and folder.notices == []
    folder.look(arrival("b.xlsx", "B", 9), arrival("reply2.xlsx", "S", 9))
    assert folder.current == "B"


def test_choosing_settles_the_question_until_something_new_comes() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 1), arrival("b.xlsx", "B", 2))
    assert folder.current == "B" and folder.notices == ["rival_files"]
    folder.rule("choose", 1)
    assert folder.current == "A" and folder.notices == []
    assert folder.look(arrival("a.xlsx", "A", 1), arrival("b.xlsx", "B", 2)) == []
    folder.look(arrival("a.xlsx", "A", 1), arrival("c.xlsx", "C", 9))
    assert folder.current == "C"


def test_the_last_choice_counts() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 1), arrival("b.xlsx", "B", 2))
    folder.rule("choose", 1)
    folder.rule("choose", 2, 1)
    assert folder.current == "B" and folder.notices == []


def test_withdrawing_a_version_restores_the_one_before() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A"))
    folder.look(arrival("a.xlsx", "B", 5))
    folder.rule("withdraw", 2)
    assert folder.current == "A"
    assert folder.look(arrival("a.xlsx", "B", 5)) == [] and folder.current == "A"
    folder.rule("withdraw", 1)
    assert folder.current is None
    folder.look(arrival("a.xlsx", "C", 7))
    assert folder.current == "C"


def test_a_withdrawn_version_cannot_be_the_chosen_one() -> None:
    folder = Folder()
    folder.look(arrival("a.xlsx", "A", 1), arrival("b.xlsx", "B", 2))
    folder.rule("choose", 1)
    folder.rule("withdraw", 1)
    assert folder.current == "B"


def test_a_file_saved_again_with_the_same_figures_is_no_question() -> None:
    folder = Folder()
    new = folder.look(arrival("a.xlsx", "A", 1), arrival("saved again.xlsx", "A again", 2))
    assert [s.held_because for s in new] == ["", "same_figures"]
    assert folder.current == "A" and folder.notices == []
    [later] = folder.look(arrival("a.xlsx", "A", 1), arrival("b.xlsx", "A once more", 5))
    assert later.is_taken, "what comes later is a version, whatever it says"


def test_a_workbook_that_we_marked_is_no_news_until_somebody_worked_in_it() -> None:
    folder = Folder()
    own = arrival("a.xlsx", "A", 1)
    folder.look(own)
    assert folder.look(own, arrival("marked.xlsx", "A marked elsewhere", 5)) == []
    [mended] = folder.look(own, arrival("marked.xlsx", "B mended", 6))
    assert mended.is_taken and folder.current == "B mended"


def test_of_a_file_and_its_marked_copy_the_file_is_taken() -> None:
    folder = Folder()
    new = folder.look(arrival("marked.xlsx", "A marked", 1), arrival("a.xlsx", "A", 5))
    assert {s.path: s.held_because for s in new} == {"marked.xlsx": "same_figures", "a.xlsx": ""}
