"""`make endurance`: runs killed at random moments in several situations; the next run must give an undisturbed home.

SEED repeats the moments of an earlier go, MOMENTS says how many, ONLY takes one of them by its number.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from benchmarks.killing import THIDUA, Killed, kill_after
from benchmarks.likeness import compare_homes
from flows.service.server import start_server, stop_server
from flows.settings import find_settings
from warehouse import Warehouse

PERIOD = "2021H1"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "returns"
MOMENTS = 50
AT_ONCE = 2
NEARER = 0.6
RUN = (("run", PERIOD),)
WORD = ("--by", "Nguyễn Thị Bền", "--reason", "Thử độ bền")


@dataclass
class Situation:
    """A home as it lies before the commands that are killed; `after` makes good what a kill may have cut short."""

    name: str
    prepare: Callable[[Path], None]
    killed: tuple[str, ...] = RUN[0]
    after: tuple[tuple[str, ...], ...] = RUN
    variables: dict[str, str] = field(default_factory=dict)
    may_refuse: bool = False  # what was decided before the kill cannot be decided again, and is refused


@dataclass
class Moment:
    """One kill and what was found after it."""

    number: int
    situation: Situation
    seconds: float
    alone: bool
    killed: Killed | None = None
    told: list[str] = field(default_factory=list)


def call(home: Path, *arguments: str, variables: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`thidua` on a home, to its end."""
    environment = {**os.environ, "THIDUA_HOME": str(home), **(variables or {})}
    return subprocess.run([*THIDUA, *arguments], env=environment, capture_output=True, text=True, timeout=900)


def must(home: Path, *arguments: str) -> None:
    """The same where it has to end well."""
    done = call(home, *arguments)
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stderr}")


def as_it_comes(home: Path) -> None:
    """A home on which nothing was run yet."""


def with_new_versions(home: Path) -> None:
    """Three provinces send another version, one of them mends a figure, one sends a second file."""
    must(home, "run", PERIOD)
    for name in ("Hà Nam", "Hưng Yên", "Ninh Bình"):
        file = next((home / "returns" / name).glob("*.xlsx"))
        book = openpyxl.load_workbook(file)
        [(sheet, address)] = book.defined_names["f_grdp_growth"].destinations
        book[sheet][address.replace("$", "")] = 6.5
        book.save(file.with_stem(f"{file.stem}_lan2") if name == "Hưng Yên" else file)


def with_rulings(home: Path) -> None:
    """The office waived a rule and withdrew a file."""
    must(home, "run", PERIOD)
    must(home, "waive", "required_present", PERIOD, "--province", "Hà Nam", *WORD)
    must(home, "withdraw", "Bắc Ninh", PERIOD, "1", *WORD)


def with_nothing_new(home: Path) -> None:
    """A whole run is behind it."""
    must(home, "run", PERIOD)


def asked_to_close(home: Path) -> None:
    """The office is asked whether the figures may be published."""
    must(home, "close", PERIOD)


SITUATIONS = (
    Situation("first run", as_it_comes),
    Situation("new versions", with_new_versions),
    Situation("with rulings", with_rulings),
    Situation("nothing new", with_nothing_new),
    Situation("read on Dask", as_it_comes, variables={"THIDUA_TASK_RUNNER": "dask"}),
    Situation("asking to close", with_nothing_new, ("close", PERIOD), (("close", PERIOD), *RUN)),
    Situation(
        "approving, sealing",
        asked_to_close,
        ("approve", PERIOD, "--with-findings", *WORD),
        (("approve", PERIOD, "--with-findings", *WORD), *RUN),
        may_refuse=True,
    ),
)


class Endurance:
    """The homes of one go: for each situation one as it lies before, and one that nobody disturbed."""

    def __init__(self, root: Path, server_file: Path) -> None:
        self.root = root
        self.server_file = server_file
        self.lasts: dict[str, float] = {}
        self._lock = threading.Lock()

    def home(self, *parts: str) -> Path:
        return self.root.joinpath(*parts)

    def prepare(self, situation: Situation) -> None:
        """Makes both homes and sees how long the command takes that will be killed."""
        before = self.home(situation.name, "before")
        shutil.copytree(EXAMPLES, before / "returns")
        shutil.copy(self.server_file, before)
        situation.prepare(before)
        undisturbed = self.home(situation.name, "undisturbed")
        shutil.copytree(before, undisturbed)
        started = time.monotonic()
        done = call(undisturbed, *situation.killed, variables=situation.variables)
        self.lasts[situation.name] = time.monotonic() - started
        if done.returncode:
            raise RuntimeError(f"{situation.name}: {situation.killed} ended with {done.returncode}:\n{done.stderr}")
        for command in situation.after:
            call(undisturbed, *command)
        self._read_closings(undisturbed)

    def go(self, moment: Moment) -> Moment:
        """Kills once, lets the next commands run, compares."""
        situation = moment.situation
        home = self.home(situation.name, f"moment {moment.number}")
        while moment.killed is None or moment.killed.code is not None:  # it ended before: nearer, in another copy
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(self.home(situation.name, "before"), home)
            moment.killed = kill_after(
                situation.killed, home, moment.seconds, alone=moment.alone, variables=situation.variables
            )
            moment.seconds *= 1 if moment.killed.code is None else NEARER
        moment.told += [f"outlived its parent: {orphan}" for orphan in moment.killed.orphans]
        for command in situation.after:
            done = call(home, *command)
            if done.returncode and not (situation.may_refuse and command == situation.killed and done.returncode == 2):
                moment.told.append(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
        undisturbed = self.home(situation.name, "undisturbed")
        moment.told += compare_homes(undisturbed, home, undisturbed / "returns", home / "returns")
        moment.told += self._check_run_log(home, moment)
        if self._read_closings(home) != self._read_closings(undisturbed):
            moment.told.append(f"closed otherwise: {self._read_closings(home)}")
        if not moment.told:
            shutil.rmtree(home, ignore_errors=True)
        return moment

    def _check_run_log(self, home: Path, moment: Moment) -> list[str]:
        with Warehouse(home / "warehouse.duckdb") as warehouse:
            states = [run.state for run in warehouse.runs(PERIOD)]
        return [f"a run counts as running: {states}"] if "running" in states else []

    def _read_closings(self, home: Path) -> list[tuple[str, int | None, str]]:
        """The steps of the closing, each sealed one with what its seal says of itself."""
        with Warehouse(home / "warehouse.duckdb") as warehouse:
            events = warehouse.closings(PERIOD)
        words = []
        for event in events:
            proof = ""
            if event.step == "sealed":
                proof = "whole" if not call(home, "verify", f"{PERIOD}/{event.seal_no}").returncode else "spoilt"
            words.append((event.step, event.seal_no, proof))
        return words


def draw(seed: int, count: int, lasts: dict[str, float]) -> list[Moment]:
    """The moments of a seed: situations in turn, each at a random share of what it lasts, one in four alone."""
    dice = random.Random(seed)
    moments = []
    for number in range(count):
        situation = SITUATIONS[number % len(SITUATIONS)]
        share, alone = dice.random(), dice.random() < 0.25
        moments.append(Moment(number, situation, share * lasts[situation.name], alone))
    return moments


def main() -> None:
    """Prints a table by situation and what differed; ends with 1 where anything did."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    count = int(os.environ.get("MOMENTS") or MOMENTS)
    only = os.environ.get("ONLY")
    print(f"SEED={seed}, {count} moments, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC", flush=True)
    os.environ.setdefault("THIDUA_SETTLE_SECONDS", "0.1")
    root = Path(tempfile.mkdtemp(prefix="thidua-endurance-"))
    settings = find_settings(root / "server")
    settings.home.mkdir()
    try:
        start_server(settings)
        endurance = Endurance(root, settings.server_file)
        for situation in SITUATIONS:
            endurance.prepare(situation)
        moments = draw(seed, count, endurance.lasts)
        chosen = moments if not only else [moments[int(only)]]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for moment in pool.map(endurance.go, chosen):
                _tell(moment)
    finally:
        stop_server(settings)
    print(f"\n{'situation':20} {'lasts s':>8} {'kills':>6} {'parent alone':>13} {'differ':>7}")
    for situation in SITUATIONS:
        own = [m for m in chosen if m.situation is situation]
        alone, differ = sum(m.alone for m in own), sum(bool(m.told) for m in own)
        print(f"{situation.name:20} {endurance.lasts[situation.name]:8.1f} {len(own):6d} {alone:13d} {differ:7d}")
    if any(m.told for m in chosen):
        print(f"\nThe homes that differ lie in {root}; repeat with: SEED={seed} make endurance")
        sys.exit(1)
    shutil.rmtree(root)


def _tell(moment: Moment) -> None:
    killed = moment.killed
    if killed is None:
        return
    lines = killed.said.splitlines()
    last = lines[-1].strip()[:60] if lines else ""
    how = "alone" if moment.alone else "whole group"
    verdict = "equal" if not moment.told else f"{len(moment.told)} DIFFERENCES"
    print(
        f"{moment.number:3d} {moment.situation.name:20} {moment.seconds:6.2f} s  {how:12} {verdict:10} {last}",
        flush=True,
    )
    for line in moment.told[:10]:
        print(f"      {line[:400]}", flush=True)


if __name__ == "__main__":
    main()
