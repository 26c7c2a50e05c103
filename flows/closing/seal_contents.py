"""What a seal tells beside its tables: what gathering saw, what was ruled and approved, as JSON and back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flows.closing.seal_folder import MANIFEST, SUMS
from flows.shares.folders import Gathered
from transforms.observation import Ruling, Submission
from transforms.operation import ClosingEvent
from transforms.prose.published_report import FOLDER, REPORTS
from transforms.succession import Arrival

TABLES, ORIGINALS, CATALOGUE, DATABASE = "bang", "originals", "catalogue", "warehouse.duckdb"
GATHERED, RULINGS, APPROVAL, SOFTWARE, README = (
    "thu-nhan.json",
    "quyet-dinh.json",
    "phe-duyet.json",
    "phien-ban.json",
    "DOC-TOI.txt",
)
ORIGINAL = "bản gốc"  # a published report as it came, beside the figures of it that were accepted
LIST = f"{ORIGINALS}/danh-sach.csv"


def show_gathered(gathered: Gathered) -> str:
    """What lay in the units' folders when the period was sealed."""
    return _json(
        {
            "arrivals": {
                unit: [{**asdict(a), "modified_at": a.modified_at.isoformat()} for a in arrivals]
                for unit, arrivals in gathered.arrivals.items()
            },
            "strays": gathered.strays,
            "failures": gathered.failures,
        }
    )


def read_gathered(folder: Path) -> Gathered:
    """The same, out of a seal."""
    content = json.loads((folder / GATHERED).read_bytes())
    arrivals = {
        unit: [Arrival(**{**a, "modified_at": dt.datetime.fromisoformat(a["modified_at"])}) for a in of_unit]
        for unit, of_unit in content["arrivals"].items()
    }
    failures = [(str(f[0]), str(f[1]), str(f[2]), str(f[3])) for f in content["failures"]]
    return Gathered(arrivals, list(content["strays"]), failures)


def show_rulings(rulings: Iterable[Ruling]) -> str:
    """Every ruling of the office, of all periods; names are as typed."""
    return _json([{**asdict(r), "decided_at": r.decided_at.isoformat()} for r in rulings])


def show_approval(asked: ClosingEvent, decision: ClosingEvent, noted: list[dict[str, Any]]) -> str:
    """Who approved what, when and why, and the open findings that were noted with it."""
    return _json(
        {
            "closing_id": decision.closing_id,
            "step": decision.step,
            "decided_by": decision.decided_by,
            "identity": "chưa xác minh: tên do người duyệt tự ghi, hệ thống không kiểm tra",
            "reason": decision.reason,
            "asked_at": asked.happened_at.isoformat(),
            "decided_at": decision.happened_at.isoformat(),
            "flow_run_id": decision.flow_run_id,
            "figures_digest": decision.figures_digest,
            "findings_digest": decision.findings_digest,
            "noted_findings": [
                {name: row[name] for name in ("finding_id", "severity", "province_name", "rule_code", "message")}
                for row in noted
            ],
        }
    )


def list_originals(
    gathered: Gathered,
    submissions: Iterable[Submission],
    current: Iterable[str],
    sizes: dict[str, int],
    reports: Mapping[str, str],
) -> bytes:
    """Which original is whose: one row per file as it was received or lay there, as CSV for a spreadsheet.

    `reports` are the published reports themselves, names by hash: never in use but through their accepted figures.
    """
    rows = [(s.sha256, s.sent_by or s.province_id, s.path, str(s.version), s.submission_id) for s in submissions]
    rows += [(sha256, REPORTS, f"{FOLDER}/{ORIGINAL}/{name}", "", "") for sha256, name in reports.items()]
    known = {(row[0], row[1], row[2]) for row in rows}
    lying = [(a.sha256, unit, a.path, "", "") for unit, arrivals in gathered.arrivals.items() for a in arrivals]
    in_use = set(current)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("sha256", "bytes", "unit", "path", "version", "is_in_use"))
    for sha256, unit, path, version, submission_id in [*rows, *(r for r in lying if r[:3] not in known)]:
        is_used = "true" if submission_id in in_use else "false"
        writer.writerow((sha256, sizes[sha256], unit, path, version, is_used))
    return out.getvalue().encode("utf-8-sig")


def show_versions(versions: dict[str, str], machine: str) -> str:
    """Which software and which libraries made the tables."""
    return _json({"software": versions, "machine": machine})


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def say_what_it_is(period: str, decision: ClosingEvent, seal_no: int, when: str) -> str:
    """The page for whoever finds the folder; `when` is the moment of the approval in words."""
    inside = {
        f"{TABLES}/": "các bảng tổng hợp đã công bố (Excel, CSV, Parquet)",
        f"{ORIGINALS}/": "mọi tệp gốc đã dùng, tên tệp là mã SHA-256; danh-sach.csv ghi tệp nào của ai",
        f"{CATALOGUE}/": "danh mục chỉ tiêu, quy tắc, lịch, thành viên lúc đó",
        DATABASE: "bản sao kho dữ liệu lúc đó (mở bằng DuckDB)",
        GATHERED: "thư mục các tỉnh có gì lúc đó",
        RULINGS: "các quyết định của văn phòng: chọn, rút tệp, giải trình, miễn quy tắc, nhập báo cáo đã công bố",
        APPROVAL: "ai duyệt, khi nào, vì sao, ghi nhận phát hiện nào",
        SOFTWARE: "phiên bản phần mềm và thư viện",
        MANIFEST: "bảng kê: SHA-256 và độ dài của từng tệp",
        SUMS: "cũng bảng kê đó, cho lệnh sha256sum",
    }
    lines = "\n".join(f"  {name:<18}{what}" for name, what in inside.items())
    step = "duyệt kèm ghi chú các phát hiện còn mở" if decision.step == "publish_noted" else "duyệt"
    return f"""BẢN NIÊM PHONG SỐ {seal_no} – {period.upper()}

Đây là số liệu thi đua của Cụm đã được {step} lúc {when},
người duyệt: {decision.decided_by} (tên tự ghi, chưa xác minh).
Lý do: {decision.reason or "không ghi"}

Trong thư mục này:
{lines}

KIỂM TRA XEM CÓ BỊ SỬA KHÔNG, không cần phần mềm của chúng tôi:
  mở cửa sổ lệnh trong thư mục này và gõ
      sha256sum -c {SUMS}
  Mỗi dòng phải là “OK” (hoặc “Thành công”). Rồi gõ
      sha256sum {MANIFEST}
  và so với mã đã ghi khi niêm phong (lệnh “thidua seals” in ra, nên ghi vào biên bản họp Cụm).
  Cách trên không thấy tệp bị thêm vào; lệnh sau thấy cả điều đó:
      thidua verify ĐƯỜNG-DẪN-THƯ-MỤC-NÀY

LẬP LẠI CÁC BẢNG từ tệp gốc, bằng đúng phiên bản phần mềm đã ghi:
      thidua rebuild ĐƯỜNG-DẪN-THƯ-MỤC-NÀY

Đừng sửa gì trong thư mục này: sửa một dấu chấm thì kiểm tra cũng thấy.
"""
