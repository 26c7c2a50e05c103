"""A return with three mistakes and what was found in it, made by hand: no judge is needed to draw an answer."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import openpyxl

from catalogue import load_catalogue
from publications.feedback import Feedback
from transforms.observation import Finding, Submission
from transforms.reading import hash_bytes, read_return
from transforms.template.blank import FormValue, render_template

CATALOGUE = load_catalogue()
PERIOD, UNIT = "2021H1", "ha-nam"
SOCIETY, NEW_RURAL = "E. Văn hóa – xã hội", "A. Nông thôn mới"
RECEIVED = dt.datetime(2021, 7, 5, 1, 30, tzinfo=dt.UTC)
VALUES: Mapping[str, FormValue] = {
    "f_ntm_communes_certified": 90,
    "f_ntm_communes_total": 98,
    "f_national_student_prizes_total": 91,
    "f_national_student_prizes_first": 1,
    "f_national_student_prizes_second": 5,
    "f_national_student_prizes_third": 6,
    "f_national_student_prizes_consolation": 7,
    "n_new_jobs": '=HYPERLINK("http://xau")',
}


@lru_cache(maxsize=1)
def form() -> bytes:
    return render_template(CATALOGUE, PERIOD, UNIT, VALUES)


def finding(rule_code: str, indicator_code: str = "", **facts: Any) -> Finding:
    """A finding in the words of its rule, at a place of its own."""
    rule = CATALOGUE.rules[rule_code]
    number = hash_bytes(f"{rule_code}{indicator_code}{facts.get('cell')}".encode())[:12]
    given = {
        "message": f"{rule.title} ở ô {facts.get('cell', '')}.",
        "advice": "Kiểm tra lại con số.",
        "finding_id": number,
        "figure_hash": number[::-1],
    }
    return Finding(PERIOD, UNIT, rule_code, rule.severity, indicator_code=indicator_code, **{**given, **facts})


FOUND = (
    finding("required_present", "ntm_communes_advanced", sheet=NEW_RURAL, cell="D10"),
    finding(
        "parts_sum_to_total",
        "national_student_prizes_total",
        sheet=SOCIETY,
        cell="D8",
        observed="91",
        expected="19",
        suspect_indicator="national_student_prizes_total",
        suspect_sheet=SOCIETY,
        suspect_cell="D8",
        slip="transposed",
        proposed="19",
        message="Tổng số giải (ô D8) ghi 91, nhưng các phần cộng lại là 19.",
        advice="Các ô phải khớp nhau: D8, D9, D10, D11, D12.",
        impact="Tổng cụm 549, bỏ số này còn 458",
    ),
    finding("rate_rounding", "ntm_communes_certified_rate", sheet=NEW_RURAL, cell="D9", observed="91,8%"),
    finding("macros_ignored", message="Tệp có macro.", advice="Không cần làm gì."),
)


def feedback(original: bytes, file_name: str = "hà nam.xlsx", **facts: Any) -> Feedback:
    """What is known of a file that was read and judged."""
    version = facts.pop("version", 1)
    sent = Submission(
        f"s{version}",
        UNIT,
        PERIOD,
        hash_bytes(original),
        f"Hà Nam/{file_name}",
        file_name,
        version,
        RECEIVED,
        RECEIVED,
        True,
    )
    given: dict[str, Any] = {"was_read": True, "verdict": "accepted_with_findings", "findings": FOUND, "counting": sent}
    return Feedback(CATALOGUE, PERIOD, sent, original, **{**given, **facts})


def first_version(original: bytes | None = None) -> Feedback:
    data = original or form()
    return feedback(data, observations=read_return(CATALOGUE, data).observations)


def explain(data: bytes, answers: Mapping[str, str]) -> bytes:
    """A workbook with the column Giải trình filled in, by the cell of the finding."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[CATALOGUE.form.feedback.todo_sheet]
    for row in sheet.iter_rows(min_row=7):
        text = answers.get(f"{row[2].value}!{row[3].value}")
        if text:
            row[9].value = text
            row[9].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_status(found: tuple[Finding, ...], rule_code: str, **facts: Any) -> tuple[Finding, ...]:
    return tuple(replace(f, **facts) if f.rule_code == rule_code else f for f in found)
