"""Which file is the answer when several lie in a folder, over several looks."""

from __future__ import annotations

import datetime as dt

import pytest

from catalogue import load_catalogue
from transforms.observation import Reading, Submission
from transforms.succession import Arrival, attribute, find_current, held_notices, settle

CATALOGUE = load_catalogue()
START = dt.datetime(2021, 7, 1, 8, tzinfo=dt.UTC)
PERIOD, UNIT = "2021H1", "hung-yen"


def arrival(path: str, content: str, hours: int = 0) -> Arrival:
    return Arrival(path, path.rsplit("/", 1)[-1], content, START + dt.timedelta(hours=hours))


class Folder:
    """A unit's folder looked at again and again."""

    def __init__(self) -> None:
        self.known: list[Submission] = []
        self.readings: dict[str, Reading] = {}
        self.look_number = 0

    def look(self, *arrivals: Arrival, rejected: tuple[str, ...] = ()) -> list[Submission]:
        self.look_number += 1
        for a in arrivals:
            self.readings[a.sha256] = Reading(a.sha256, UNIT, PERIOD, is_rejected=a.sha256 in rejected)
        now = START + dt.timedelta(days=self.look_number)
        new = settle(UNIT, PERIOD, self.known, arrivals, self.readings, now)
        self.known += new
        self.arrivals = arrivals
        return new

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
