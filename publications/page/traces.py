"""Where each figure on the page comes from, as plain values for the script that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from catalogue.model import Indicator
from publications.labels import SYNTHETIC
from publications.page.formula_words import say_formula
from publications.tables.difference_table import STATES
from publications.tables.figures import Figures, Row
from publications.tables.indicator_table import SOURCES
from publications.tables.shape import NO_FIGURE, NONE_ARISING, NOT_COMPUTED, SEVERITIES, WHOLE_CLUSTER
from publications.tables.status_tables import STATUSES
from publications.tables.year_before import find_change
from publications.wording import format_time, legal_text, one_line
from transforms.numbers_vi import format_number, round_half_up

MOST_PARTS = 70  # parts of a cluster's figure that are listed one by one
SHORT_HASH = 12
Trace = dict[str, Any]
SOURCE_WORDS = {SYNTHETIC: "số liệu giả lập", "published_report": "báo cáo đã công bố"}


def key_of(unit_id: str, indicator_code: str) -> str:
    """The name of a figure on the page."""
    return f"{unit_id}/{indicator_code}"


class TraceBook:
    """Collects the traces of the figures that are asked for, each once, with the files and findings they name."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.catalogue = figures.catalogue
        self._names = {p.province_id: p.name for p in figures.members} | {self.catalogue.cluster_id: WHOLE_CLUSTER}
        self._traces: dict[str, Trace] = {}
        self._files: list[dict[str, str]] = []
        self._findings: list[dict[str, str]] = []
        self._places: dict[tuple[str, ...], int] = {}
        self._of_figure: dict[tuple[str, str], list[Row]] = {}
        units = {p.province_code: p.province_id for p in figures.members if p.province_code}
        for row in figures.findings:
            code = row["province_code"] or ""
            unit = row.get("province_id") or (units.get(code, "") if code else self.catalogue.cluster_id)
            for named in {row["indicator_code"], row.get("suspect_indicator")} - {None, ""}:
                self._of_figure.setdefault((unit, named), []).append(row)

    def refer(self, unit_id: str, indicator_code: str) -> str:
        """The key of a figure's trace, made at the first reference; "" where nothing is known of such a figure."""
        indicator = self.catalogue.indicators.get(indicator_code)
        if indicator is None or unit_id not in self._names:
            return ""
        key = key_of(unit_id, indicator_code)
        if key in self._traces:
            return key
        is_cluster = unit_id == self.catalogue.cluster_id
        of_unit = self.figures.observations.get((unit_id, indicator_code))
        row = self.figures.totals.get(indicator_code) if is_cluster else of_unit
        if row is None:
            return ""
        trace: Trace = {"unit": unit_id, "code": indicator_code}
        self._traces[key] = trace
        trace |= self._of_cluster(row, indicator) if is_cluster else self._of_unit(row, indicator)
        change = find_change(self.figures, unit_id, indicator)
        if change.earlier is not None:
            trace["earlier"] = self._shown(indicator, change.earlier)
        trace |= {
            "change": change.words,
            "findings": [self._finding(f) for f in self._of_figure.get((unit_id, indicator_code), ())],
        }
        self._traces[key] = {name: value for name, value in trace.items() if _says_something(value)}
        return key

    def content(self) -> dict[str, Any]:
        """All that was referred to, as values that JSON can hold."""
        units = {t["unit"] for t in self._traces.values()}
        codes = {t["code"] for t in self._traces.values()}
        return {
            "cluster": self.catalogue.cluster_id,
            "units": {unit: legal_text(name) for unit, name in self._names.items() if unit in units},
            "indicators": {code: legal_text(i.label) for code, i in self.catalogue.indicators.items() if code in codes},
            "files": self._files,
            "findings": self._findings,
            "figures": self._traces,
        }

    def _shown(self, indicator: Indicator, value: Decimal) -> str:
        text = format_number(value, indicator.decimals)
        unit = self.catalogue.unit_of(indicator)
        return f"{text}%" if unit.unit_code == "percent" else f"{text} {unit.name}"

    def _value(self, indicator: Indicator, value: Decimal | None, sign: str) -> Trace:
        if value is None:
            return {"value": sign}
        exact = format_number(value)
        is_rounded = round_half_up(value, indicator.decimals) != value
        return {"value": self._shown(indicator, value), "exact": exact if is_rounded else ""}

    def _of_unit(self, row: Row, indicator: Indicator) -> Trace:
        status = row["status"]
        sign = NONE_ARISING if status == "none_arising" else NO_FIGURE
        trace = self._value(indicator, row["value"], sign)
        trace |= {
            "status": STATES.get(status, status),
            "estimated": bool(row["is_estimated"]),
            "disputed": status == "disputed",
            "note": legal_text(row["note"]),
        }
        if status == "derived":
            return trace | self._derived(row["province_id"], indicator)
        return trace | {
            "raw": legal_text(row["raw_text"]),
            "file": self._file(row),
            "sheet": legal_text(row["sheet"]),
            "cell": legal_text(row["cell"]),
        }

    def _derived(self, unit_id: str, indicator: Indicator) -> Trace:
        formula = self.catalogue.formulas.get(indicator.indicator_code)
        parts = [self.refer(unit_id, code) for code in formula.formula.names] if formula is not None else []
        return {"formula": say_formula(self.catalogue, indicator.indicator_code), "parts": _known(parts)}

    def _of_cluster(self, row: Row, indicator: Indicator) -> Trace:
        source = row["value_source"]
        cluster_id = self.catalogue.cluster_id
        sign = NOT_COMPUTED if indicator.aggregation == "none" and source != "announced" else NO_FIGURE
        trace = self._value(indicator, row["value"], sign)
        trace["status"] = SOURCES.get(source, STATES.get(source, source)) if row["value"] is not None else ""
        if row["control_value"] is not None:
            control = {
                "value": self._shown(indicator, row["control_value"]),
                "file": self._control_file(row),
                "sheet": legal_text(row["control_sheet"]),
                "cell": legal_text(row["control_cell"]),
            }
            trace |= control if source == "announced" else {"control": control}
        if source == "announced":
            return trace
        trace["estimated"] = any(
            known is not None and known["is_estimated"] and known["value"] is not None
            for p in self.figures.members
            if (known := self.figures.observations.get((p.province_id, indicator.indicator_code)))
        )
        trace["reporting"] = f"{row['provinces_reporting']}/{row['provinces_expected']} tỉnh có số liệu"
        if row["disputed_count"]:
            without = row["value_without_disputed"]
            kept = f"; không kể số đó là {self._shown(indicator, without)}" if without is not None else ""
            trace["doubt"] = f"Gồm {row['disputed_count']} số chưa được xác nhận{kept}."
        if source == "rebuilt":
            return trace | self._derived(cluster_id, indicator)
        if source == "sum" and row["value"] is not None:
            members = self.figures.members[:MOST_PARTS]
            parts = _known(self.refer(p.province_id, indicator.indicator_code) for p in members)
            left = len(self.figures.members) - len(members)
            trace |= {"formula": "Cộng số của các tỉnh", "parts": parts, "left": left}
        return trace

    def _control_file(self, row: Row) -> int | None:
        own = self.figures.submissions.get(self.catalogue.cluster_id)
        if own is None:
            return None
        return self._file({**own, "province_id": self.catalogue.cluster_id})

    def _file(self, row: Row) -> int | None:
        """The number of the file that a figure was read from; None where there was none."""
        if not row["file_name"]:
            return None
        submission = self.figures.submissions.get(row["province_id"]) or {}
        if row.get("submission_id", submission.get("submission_id")) != submission.get("submission_id"):
            submission = {}
        sender = submission.get("sent_by") or ""
        received = row["received_at"]
        facts = {
            "name": legal_text(row["file_name"]),
            "path": legal_text(submission.get("path") or ""),
            "version": "" if row["version"] is None else str(row["version"]),
            "hash": (submission.get("sha256") or "")[:SHORT_HASH],
            "received": "" if received is None else format_time(received),
            "sender": legal_text(self._names.get(sender, "")),
            "source": SOURCE_WORDS.get(submission.get("source") or "", ""),
        }
        return self._place(self._files, facts)

    def _finding(self, row: Row) -> int:
        status = row.get("status") or "open"
        facts = {
            "severity": row["severity"],
            "name": SEVERITIES.get(row["severity"], row["severity"]),
            "rule": legal_text(row["rule_title"] or row["rule_code"]),
            "status": STATUSES.get(status, status),
            "message": one_line(row["message"], 600),
            "advice": one_line(row["advice"], 400),
            "explanation": one_line(row.get("explanation"), 400),
        }
        return self._place(self._findings, facts)

    def _place(self, several: list[dict[str, str]], facts: dict[str, str]) -> int:
        key = (str(id(several)), *facts.values())
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(several)
            several.append({name: text for name, text in facts.items() if text})
        return place


def _says_something(value: Any) -> bool:
    """Whether a value is worth a place on the page; the number 0 is, as that of the first file."""
    return value is not False and value not in ("", None, [])


def _known(keys: Iterable[str]) -> Sequence[str]:
    return [key for key in keys if key]
