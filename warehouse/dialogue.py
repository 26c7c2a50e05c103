"""The conversation with the provinces: rulings, explanations, and what we put into their folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Table

from transforms.observation import Ruling, WrittenFile
from warehouse.kept import keep_refusals
from warehouse.schema import FLAG, MOMENT, TEXT, WHOLE, key, metadata, optional, required
from warehouse.session import Session

fact_ruling = Table(
    "fact_ruling",
    metadata,
    key("ruling_key", "Khóa của quyết định."),
    required("ruling_id", TEXT, "Số hiệu quyết định, dùng khi hủy."),
    required(
        "kind",
        TEXT,
        "Loại: choose chọn tệp, withdraw rút tệp, accept chấp nhận giải trình, refuse không chấp nhận giải trình, "
        "waive miễn một quy tắc, import nhập số liệu từ một báo cáo đã công bố, revoke hủy một quyết định.",
    ),
    required("period_code", TEXT, "Kỳ báo cáo; với waive là kỳ đầu tiên được miễn."),
    optional("province_id", TEXT, "Định danh đơn vị; trống là mọi đơn vị."),
    required("reason", TEXT, "Lý do."),
    required("decided_by", TEXT, "Người quyết định, theo tên tự ghi, chưa xác minh."),
    required("decided_at", MOMENT, "Lúc quyết định."),
    optional("submission_id", TEXT, "Lần gửi được chọn hoặc rút; trống là không nói về lần gửi nào."),
    optional("rule_code", TEXT, "Quy tắc được miễn; trống là không nói về quy tắc nào."),
    optional("finding_id", TEXT, "Phát hiện có giải trình; trống là không nói về phát hiện nào."),
    optional(
        "figure_hash",
        TEXT,
        "Dấu vân tay của các số lúc quyết định (import: mã băm phiếu nhập trong kho lưu); trống là không có.",
    ),
    optional("valid_to", TEXT, "Kỳ cuối cùng được miễn, open là đến khi hủy; trống là chỉ kỳ đầu."),
    optional("revokes", TEXT, "Số hiệu quyết định bị hủy; trống là không hủy quyết định nào."),
    comment="Mỗi dòng là một quyết định của văn phòng Cụm; ghi rồi không sửa, chỉ hủy bằng một quyết định khác.",
)

bridge_refusal = Table(
    "bridge_refusal",
    metadata,
    required("finding_id", TEXT, "Định danh của phát hiện."),
    required("figure_hash", TEXT, "Dấu vân tay của các số lúc quyết định."),
    required("refused_from", MOMENT, "Từ lúc nào."),
    optional("refused_to", MOMENT, "Đến trước lúc nào, khi có quyết định khác; trống là còn hiệu lực."),
    required("decided_at", MOMENT, "Lúc quyết định; lời giải trình nhận sau lúc ấy thì chưa bị từ chối."),
    required("reason", TEXT, "Lý do không chấp nhận."),
    comment="Mỗi dòng là một khoảng thời gian mà lời nói cuối về một giải trình là không chấp nhận. "
    "Lập lại từ fact_ruling mỗi khi có quyết định.",
)

fact_explanation = Table(
    "fact_explanation",
    metadata,
    required("reading_key", WHOLE, "Khóa của lần đọc."),
    required("position", WHOLE, "Thứ tự trong lần đọc, đếm từ 0."),
    required("finding_id", TEXT, "Định danh của phát hiện được giải trình."),
    required("figure_hash", TEXT, "Dấu vân tay của các số lúc giải trình."),
    required("text", TEXT, "Lời giải trình."),
    optional("sheet", TEXT, "Trang tính ghi lời giải trình; trống là không có."),
    optional("cell", TEXT, "Ô ghi lời giải trình, dạng A1; trống là không có."),
    comment="Mỗi dòng là một lời giải trình đọc được trong danh sách việc cần làm gửi trả lại.",
)

fact_written_file = Table(
    "fact_written_file",
    metadata,
    key("written_key", "Khóa của tệp."),
    required("sha256", TEXT, "Mã băm nội dung tệp."),
    required("province_id", TEXT, "Định danh đơn vị."),
    required("period_code", TEXT, "Mã kỳ báo cáo."),
    required("name", TEXT, "Đường dẫn trong thư mục phản hồi."),
    required("place", TEXT, "Nơi đã ghi."),
    required("kind", TEXT, "Loại tệp: biên nhận, kết quả, biểu đã đánh dấu…"),
    required("content_hash", TEXT, "Dấu vân tay của nội dung; không đổi thì không ghi lại."),
    required("written_at", MOMENT, "Lúc ghi; ghi vào kho trước, ghi ra thư mục sau."),
    optional("submission_id", TEXT, "Lần gửi được trả lời; trống là không gắn với lần gửi nào."),
    required("is_at_home", FLAG, "Đúng nếu thư mục của đơn vị không ghi được nên tệp nằm ở nhà dữ liệu."),
    comment="Mỗi dòng là một tệp hệ thống đã đặt vào thư mục của một đơn vị; để không bao giờ nhận nhầm là báo cáo.",
)

_RULING = tuple(f.name for f in fields(Ruling))
_WRITTEN = {f.name: f.name for f in fields(WrittenFile)} | {"content_key": "content_hash"}


def add_ruling(session: Session, ruling: Ruling) -> None:
    """Record one ruling inside the caller's transaction."""
    [ruling_key] = session.next_keys(fact_ruling, 1)
    session.insert(fact_ruling, {"ruling_key": [ruling_key], **{n: [getattr(ruling, n)] for n in _RULING}})
    keep_refusals(session)


def stored_rulings(session: Session) -> list[Ruling]:
    """Every ruling ever recorded, in the order in which they were."""
    return [Ruling(*_plain(row)) for row in _read(session, fact_ruling, _RULING, "ruling_key")]


def add_written(session: Session, files: Iterable[WrittenFile]) -> None:
    """Record files that are about to be written, inside the caller's transaction."""
    listed = list(files)
    if listed:
        keys = session.next_keys(fact_written_file, len(listed))
        columns = {column: [getattr(f, name) for f in listed] for name, column in _WRITTEN.items()}
        session.insert(fact_written_file, {"written_key": list(keys), **columns})


def stored_written(session: Session) -> list[WrittenFile]:
    """Every file ever written into a province's folder, in the order of writing."""
    rows = _read(session, fact_written_file, tuple(_WRITTEN.values()), "written_key")
    return [WrittenFile(*_plain(row)) for row in rows]


def _read(session: Session, table: Table, names: Sequence[str], order: str) -> list[tuple[Any, ...]]:
    columns = session.columns(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {order}")
    return list(zip(*columns.values(), strict=True))


def _plain(row: Sequence[Any]) -> list[Any]:
    return ["" if value is None else value for value in row]
