"""Who has sent what, and what was found: the two tables about the returns themselves."""

from __future__ import annotations

from functools import lru_cache

from catalogue.model import Province
from publications.tables.figures import Figures, Row, is_open
from publications.tables.shape import EMPTY, SEVERITIES, WHOLE_CLUSTER, Cell, Column, FootnoteBook, PublishedTable
from publications.wording import legal_text
from transforms.prose.published_report import REPORTS

SUBMISSION_TABLE = "tinh-hinh-bao-cao"
FINDING_TABLE = "phat-hien"

SUBMISSION_COLUMNS = (
    Column("period_code", is_shown=False),
    Column("province_id", is_shown=False),
    Column("province_code", is_shown=False),
    Column("province_name", "Đơn vị", width=16),
    Column("submitted", "Đã gửi", width=10),
    Column("is_submitted", kind="flag", is_shown=False),
    Column("on_time", "Đúng hạn", width=12),
    Column("is_on_time", kind="flag", is_shown=False),
    Column("file_name", "Tệp", width=28),
    Column("version", "Lần gửi", kind="count", width=8),
    Column("received_at", "Nhận lúc", kind="time", width=16),
    Column("cells_received", "Số ô có số liệu", kind="count", width=11),
    Column("cells_expected", "Số ô phải có", kind="count", width=11),
    Column("critical_count", "Phải sửa", kind="count", width=8),
    Column("warning_count", "Cần xem lại", kind="count", width=8),
    Column("info_count", "Thông tin", kind="count", width=8),
    Column("verdict", is_shown=False),
    Column("state", "Tình trạng", width=32),
)

FINDING_COLUMNS = (
    Column("period_code", is_shown=False),
    Column("severity", is_shown=False),
    Column("severity_name", "Mức độ", width=10),
    Column("province_code", is_shown=False),
    Column("province_name", "Đơn vị", width=10),
    Column("rule_code", is_shown=False),
    Column("indicator_code", is_shown=False),
    Column("indicator_name", "Chỉ tiêu", width=21),
    Column("file_name", is_shown=False),
    Column("sheet", "Trang", width=11),
    Column("cell", "Ô", width=6.5),
    Column("observed", "Đã ghi", width=10),
    Column("expected", "Mong đợi", width=10),
    Column("message", "Nội dung", width=44),
    Column("advice", "Cách sửa", width=32),
    Column("proposed", "Đề xuất", width=10),
    Column("impact", "Ảnh hưởng", width=16),
    Column("status", is_shown=False),
    Column("status_name", "Tình trạng", width=10),
    Column("explanation", "Giải trình", width=16),
)
STATUSES = {"open": "Còn mở", "explained": "Đã giải trình", "waived": "Được miễn"}


def build_submission_table(figures: Figures) -> PublishedTable:
    """One row per reporting unit in the order of membership, the cluster's own return last."""
    book = FootnoteBook()
    rows = [_submission_row(figures, province, book) for province in figures.members]
    cluster = figures.catalogue.province_in(figures.catalogue.cluster_id, figures.period_code)
    cluster_id = figures.catalogue.cluster_id
    if cluster is not None and (cluster_id in figures.submissions or cluster_id in figures.completeness):
        rows.append(_submission_row(figures, cluster, book))
    return PublishedTable(
        table_code=SUBMISSION_TABLE,
        title="Tình hình báo cáo của các đơn vị",
        layout="submissions",
        columns=SUBMISSION_COLUMNS,
        rows=tuple(rows),
        footnotes=book.texts,
        remark=f"Đã gửi: {figures.submitted_count}/{len(figures.members)} tỉnh.",
    )


def _submission_row(figures: Figures, province: Province, book: FootnoteBook) -> tuple[Cell, ...]:
    row = figures.completeness.get(province.province_id)
    file = figures.submissions.get(province.province_id)
    is_submitted = bool(row["is_submitted"]) if row is not None else file is not None
    is_on_time = row["is_on_time"] if row is not None else None
    on_time = Cell("") if row is None or not is_submitted else Cell("Đúng hạn" if is_on_time else "Muộn")
    if row is not None and is_submitted and is_on_time is None:
        text = "Bắt đầu thu báo cáo sau hạn gửi nên không xét đúng hạn hay muộn."
        on_time = Cell("Không xét", footnotes=(book.refer("on time", text),))

    def count(name: str) -> Cell:
        return EMPTY if row is None else Cell(row[name])

    return (
        Cell(figures.period_code),
        Cell(province.province_id),
        Cell(province.province_code),
        Cell(province.name),
        _sent(is_submitted, figures.is_rejected(province.province_id)),
        Cell(is_submitted),
        on_time,
        Cell(is_on_time),
        Cell(legal_text(file["file_name"]) if file else ""),
        Cell(file["version"] if file else None),
        Cell(file["received_at"] if file else None),
        count("cells_received"),
        count("cells_expected"),
        count("critical_count"),
        count("warning_count"),
        count("info_count"),
        Cell(file["verdict"] if file else ""),
        _state(row, file, is_submitted),
    )


def _sent(is_submitted: bool, is_rejected: bool) -> Cell:
    if is_submitted:
        return Cell("Đã gửi")
    return Cell("Bị trả lại", "critical") if is_rejected else Cell("Chưa gửi", "missing")


def _state(row: Row | None, file: Row | None, is_submitted: bool) -> Cell:
    """How a unit's return stands, in words, with the gravest severity as its status."""
    if not is_submitted and file is not None and file["verdict"] == "rejected":
        return Cell("Tệp không dùng được, phải gửi lại", "critical")
    if not is_submitted and file is not None and file["is_current"]:
        used = "báo cáo đã công bố" if file.get("sent_by") == REPORTS else "tệp tổng hợp"
        return Cell(f"Chưa gửi báo cáo riêng, đang dùng {used}", "warning")
    if not is_submitted:
        return Cell("Chưa gửi báo cáo", "warning")
    if row is None:
        return Cell("Đã nhận")
    if row["critical_count"]:
        return Cell(f"Đã nhận, có {row['critical_count']} lỗi phải sửa", "critical")
    if not row["cells_received"] and row["cells_expected"]:
        return Cell("Đã gửi nhưng chưa có số liệu", "warning")
    if row["warning_count"]:
        return Cell(f"Đã nhận, có {row['warning_count']} điểm cần xem lại", "warning")
    return Cell("Đã nhận, không có vướng mắc")


def build_finding_table(figures: Figures) -> PublishedTable:
    """Every finding, gravest first, then by province in the order of membership."""
    closed = sum(not is_open(row) for row in figures.findings)
    counts = [f"{SEVERITIES[s].lower()}: {figures.count_findings(s)}" for s in SEVERITIES]
    return PublishedTable(
        table_code=FINDING_TABLE,
        title="Phát hiện khi kiểm tra báo cáo",
        layout="findings",
        columns=FINDING_COLUMNS,
        rows=tuple(_finding_row(figures, row) for row in figures.findings),
        remark=f"Tất cả: {len(figures.findings)} phát hiện; còn mở: {', '.join(counts)}; đã khép lại: {closed}.",
    )


def _finding_row(figures: Figures, row: Row) -> tuple[Cell, ...]:
    indicator = figures.catalogue.indicators.get(row["indicator_code"] or "")
    severity = row["severity"]
    status = row.get("status") or "open"
    return (
        _text_cell(figures.period_code),
        _text_cell(severity),
        _text_cell(SEVERITIES.get(severity, severity), severity),
        _text_cell(row["province_code"]),
        _text_cell(row["province_name"] or WHOLE_CLUSTER),
        _text_cell(row["rule_code"]),
        _text_cell(row["indicator_code"]),
        _text_cell(indicator.label if indicator else row["rule_title"]),
        _text_cell(row["file_name"]),
        _text_cell(row["sheet"]),
        _text_cell(row["cell"]),
        _text_cell(row["observed"]),
        _text_cell(row["expected"]),
        Cell(legal_text(row["message"])),
        _text_cell(row["advice"]),
        _text_cell(row.get("proposed")),
        _text_cell(row.get("impact")),
        _text_cell(status),
        _text_cell(STATUSES[status]),
        _text_cell(row.get("explanation")),
    )


@lru_cache(maxsize=8192)
def _text_cell(text: str | None, status: str = "") -> Cell:
    """A cell of text; most texts of findings occur many times."""
    return Cell(legal_text(text), status)
