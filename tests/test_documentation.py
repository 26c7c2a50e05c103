"""What the documents say is true: commands run, printed output is what is printed, names exist."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from catalogue import load_catalogue
from flows import command_line
from flows.settings import Settings, find_settings

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.vi.md")
DOCUMENTS = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{p.name}" for p in sorted((ROOT / "docs").glob("*.md"))),
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE_TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

# A make target of a README that cannot be run by the tests themselves: its recipe is asked for, not followed.
NOT_FROM_INSIDE = {"test", "lint", "bench", "clean"}


@dataclass
class Workshop:
    """A copy of the checkout made of links, with a home of its own, in which documents are followed."""

    folder: Path
    home: Path
    outputs: dict[str, str] = field(default_factory=dict)

    def follow(self, block: str) -> str:
        """The output of a block of commands, run once; fails where a command fails."""
        if block not in self.outputs:
            script = "\n".join(["set -euo pipefail", "source .venv/bin/activate", *map(as_run, block.splitlines())])
            done = subprocess.run(
                ["bash", "-c", script],
                cwd=self.folder,
                env={**os.environ, "THIDUA_HOME": str(self.home), "MAKEFLAGS": "", "MAKELEVEL": "0"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
            self.outputs[block] = done.stdout
        return self.outputs[block]


def as_run(line: str) -> str:
    """A line of a document as it is run here: make without installing anything anew, or only asked for its recipe."""
    target = re.match(r"make (\w+)", line)
    if target is None:
        return line
    return f"make -n {target[1]}" if target[1] in NOT_FROM_INSIDE else f"make -o .venv/runtime.stamp {target[1]}"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    folder = tmp_path_factory.mktemp("checkout")
    for entry in ROOT.iterdir():
        if entry.name not in (".venv", "var", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / ".venv").symlink_to(sys.prefix)
    shop = Workshop(folder, tmp_path_factory.mktemp("home"))
    yield shop
    subprocess.run([Path(sys.prefix) / "bin" / "thidua", "down", "--home", shop.home], check=True, capture_output=True)


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def blocks_of(document: str) -> list[tuple[str, str]]:
    """(language, text) of every fenced block."""
    return [(match[1], match[2]) for match in FENCE.finditer(read(document))]


def shown_pattern(line: str) -> re.Pattern[str]:
    """A line of shown output as a pattern; an ellipsis stands for anything, runs of spaces for one another."""
    return re.compile(".*".join(re.escape(part) for part in re.sub(r" +", " ", line.strip()).split("…")))


@pytest.mark.slow
@pytest.mark.parametrize("readme", READMES)
def test_what_a_readme_says_to_run_runs_and_prints_what_is_shown(readme: str, workshop: Workshop) -> None:
    printed = ""
    for language, text in blocks_of(readme):
        if language == "sh":
            printed = workshop.follow(text)
        elif language == "text":
            lines = {re.sub(r" +", " ", line.strip()) for line in printed.splitlines()}
            for line in filter(str.strip, text.splitlines()):
                pattern = shown_pattern(line)
                assert any(pattern.fullmatch(p) for p in lines), f"{readme} shows a line that is not printed: {line}"
    published = workshop.home / "published"
    for promised in ("warehouse.duckdb", "2021H1/bang-tong-hop.xlsx", "2021H1/csv", "2021H1/parquet"):
        assert (published / promised).exists()


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_begins_with_the_two_commands(readme: str) -> None:
    first_screen = "\n".join(read(readme).splitlines()[:40])
    assert [line.split("#")[0].split() for line in blocks_of(readme)[0][1].splitlines()] == [
        ["make", "run"],
        ["make", "test"],
    ]
    assert "make run" in first_screen
    assert "→" in first_screen


def test_both_readmes_run_the_same_commands() -> None:
    commands = [[text for language, text in blocks_of(r) if language == "sh"] for r in READMES]
    plain = [[re.sub(r" +#.*", "", text) for text in texts] for texts in commands]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_targets_commands_and_files_that_a_document_names_exist(document: str) -> None:
    text = read(document)
    quoted = set(re.findall(r"`([^`\n]+)`", text)) | {
        line for _, block in blocks_of(document) for line in block.splitlines()
    }
    targets = {m[1] for q in quoted for m in re.finditer(r"\bmake ([a-z]+)\b", q)}
    assert targets <= MAKE_TARGETS
    commands = {m[1] for q in quoted for m in re.finditer(r"\bthidua ([a-z]+(?:-[a-z]+)*)\b", q)}
    assert commands <= set(command_line.cli.commands)
    tops = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")} - {"var"}
    paths = {q for q in quoted if re.fullmatch(r"[\w./-]+", q) and q.split("/")[0] in tops and "/" in q}
    assert [p for p in paths if not (ROOT / p).exists()] == []
    links = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


def test_the_page_of_operating_names_every_command_and_all_that_a_home_holds() -> None:
    commands, home = read("docs/operations.md").split("\n## ")[1:3]
    named = {word.removeprefix("thidua ") for word in re.findall(r"`([^`]+)`", commands)}
    assert set(command_line.cli.commands) - named == set()
    settings = find_settings(ROOT / "var")
    properties = [name for name, value in vars(Settings).items() if isinstance(value, property)]
    held = {
        place.relative_to(settings.home).parts[0]
        for name in properties
        if isinstance(place := getattr(settings, name), Path)
    }
    rows = [row.split("|")[1] for row in home.splitlines() if row.startswith("| `")]
    assert held - {word.rstrip("/") for row in rows for word in re.findall(r"`([^`]+)`", row)} == set()


def test_contributing_explains_every_column_of_the_indicators_table() -> None:
    with (ROOT / "catalogue" / "data" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    explained = re.findall(r"^\| `(\w+)` \|", read("CONTRIBUTING.md"), re.MULTILINE)
    assert explained[: len(columns)] == columns


def test_the_readmes_name_every_prefix_of_the_form() -> None:
    form = load_catalogue().form
    names = {f"{f.prefix}<code>" for f in form.fields if f.prefix}
    for readme in READMES:
        assert {n for n in names if f"`{n}`" not in read(readme)} == set()
