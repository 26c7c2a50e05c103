"""A report's file proof-read: its text understood in a child process, then held against the published copy."""

from __future__ import annotations

from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired

from catalogue import load_catalogue
from catalogue.model import Catalogue
from flows.places import readable
from flows.reading.pool import MAX_BYTES, ReadingPool
from flows.settings import Settings
from transforms.prose.claims import Prose, TextProblem
from transforms.prose.known_figures import Known, collect_known
from transforms.prose.proofreading import Audit, compare
from transforms.prose.report_text import read_report
from transforms.sheets import UnreadableFileError
from warehouse import WarehouseError, WarehouseUnusableError, known_rows

SAVE_AGAIN = "hãy mở bằng Word, lưu thành tệp .docx mới rồi chạy lại"


class AuditError(Exception):
    """A report that cannot be proof-read; the message says why and what to do, in Vietnamese."""


@dataclass(frozen=True)
class Understood:
    """What was understood of a report's file, and what does not hold in it by itself."""

    data: bytes
    prose: Prose
    problems: tuple[TextProblem, ...]


def understand(pool: ReadingPool, settings: Settings, file: Path, period_code: str = "") -> Understood:
    """A report's figures, read in a child with limits of memory and time. Raises AuditError."""
    name = readable(file.name)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise AuditError(f"tệp “{name}” lớn hơn {MAX_BYTES // 1024**2} MB; hãy bỏ ảnh rồi chạy lại")
        data = file.read_bytes()
    except OSError as error:
        raise AuditError(f"không mở được “{name}” ({error.strerror or type(error).__name__})") from error
    try:
        prose, problems = pool.call(_read_in_child, str(settings.catalogue), data, name, period_code)
    except UnreadableFileError as error:
        raise AuditError(f"không đọc được “{name}”: {error}") from error
    except FutureTimeoutError as error:
        raise AuditError(f"không đọc được “{name}”: đọc quá lâu chưa xong; {SAVE_AGAIN}") from error
    except (MemoryError, ProcessExpired) as error:
        raise AuditError(f"không đọc được “{name}”: tệp làm bộ đọc hết bộ nhớ; {SAVE_AGAIN}") from error
    return Understood(data, prose, problems)


def _read_in_child(catalogue: str, data: bytes, name: str, period_code: str) -> tuple[Prose, tuple[TextProblem, ...]]:
    from transforms.prose.checks import check_prose
    from transforms.prose.reading import read_prose

    tables = load_catalogue(Path(catalogue))
    prose = read_prose(tables, read_report(data, name), period_code)
    return prose, check_prose(tables, prose)


def audit_report(catalogue: Catalogue, settings: Settings, understood: Understood) -> Audit:
    """A report against the published copy of the warehouse. Raises AuditError where that has not its period."""
    period_code = understood.prose.period_code
    if not period_code:
        raise AuditError("không rõ văn bản báo cáo kỳ nào; ghi thêm, ví dụ: --period 2021H1")
    if period_code not in catalogue.calendar:
        raise AuditError(f"văn bản báo cáo kỳ {period_code}, không có trong lịch của Cụm; ghi đúng kỳ bằng --period")
    if not settings.published_warehouse.exists():
        raise AuditError(f"chưa có kho dữ liệu phát hành để đối chiếu; chạy: thidua run {period_code}")
    periods = {c.period_code for c in understood.prose.claims if c.period_code in catalogue.calendar}
    figures = []
    try:
        for period in sorted({period_code, *periods}):
            rows = known_rows(settings.published_warehouse, period)
            figures += collect_known(rows, period, catalogue.cluster_id)
    except WarehouseUnusableError:
        raise
    except WarehouseError as error:
        raise AuditError(f"không đọc được kho đã phát hành ({error}); chạy lại: thidua run {period_code}") from error
    known = Known(figures, catalogue.cluster_id)
    if period_code not in known.periods:
        raise AuditError(f"kho chưa có số liệu kỳ {period_code} để đối chiếu; chạy: thidua run {period_code}")
    return compare(catalogue, understood.prose, understood.problems, known)


def mark(pool: ReadingPool, understood: Understood, audit: Audit, summary: str) -> bytes:
    """The marked copy of a report, made in a child. Raises AuditError."""
    try:
        made: bytes = pool.call(_mark_in_child, understood.data, understood.prose, audit, summary)
    except (FutureTimeoutError, MemoryError, ProcessExpired) as error:
        raise AuditError(f"không ghi được bản đánh dấu: tệp quá lớn; {SAVE_AGAIN}") from error
    return made


def _mark_in_child(data: bytes, prose: Prose, audit: Audit, summary: str) -> bytes:
    from publications.office.marked_report import make_document, mark_document
    from transforms.file_kind import FileKind, recognise

    if recognise(data) is FileKind.DOCX:
        return mark_document(data, audit, summary)
    return make_document(prose.blocks, audit, summary)
