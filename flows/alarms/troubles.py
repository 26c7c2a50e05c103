"""What can be wrong with the system, as values; what a look saw, and what it could not see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

TroubleCode = Literal[
    "home_missing",
    "catalogue_broken",
    "server_down",
    "worker_dead",
    "run_late",
    "run_failed",
    "run_stuck",
    "not_collected",
    "share_down",
    "province_late",
    "decision_pending",
    "published_broken",
    "disk_low",
    "backup_old",
    "lake_behind",
]

ADVICE: dict[TroubleCode, str] = {
    "home_missing": "Kiểm tra ổ đĩa hay ổ mạng chứa nhà dữ liệu đã gắn chưa, và THIDUA_HOME.",
    "catalogue_broken": "Sửa tệp danh mục ở chỗ được nêu, rồi chạy lại.",
    "server_down": "Trên máy chủ chạy: thidua up. Không lên thì xem prefect/server.log trong nhà dữ liệu.",
    "worker_dead": "Khởi động lại worker (thidua up, hoặc dịch vụ worker của máy chủ).",
    "run_late": "Xem worker còn sống không; cần ngay thì chạy tay: thidua run KỲ.",
    "run_failed": "Mở lượt chạy trên trang Prefect xem nhật ký. Chạy lại không hại gì: lượt sau làm tiếp phần dở.",
    "run_stuck": "Hủy lượt ấy trên trang Prefect rồi chạy lại; lượt sau làm tiếp phần dở.",
    "not_collected": "Xem máy chủ, worker và lịch (thidua deploy); cần ngay thì chạy tay: thidua run KỲ.",
    "share_down": "Chạy: thidua shares, rồi hỏi người quản trị thư mục của tỉnh. Lượt sau tự thử lại.",
    "province_late": "Gọi cho tỉnh; soạn thư nhắc bằng: thidua remind KỲ.",
    "decision_pending": "Người có thẩm quyền mở trang vận hành và quyết định: công bố, công bố kèm ghi chú, hay chờ.",
    "published_broken": "Chạy lại kỳ ấy: thidua run KỲ. Các bảng được làm lại.",
    "disk_low": "Dọn ổ đĩa, hoặc chuyển các bản sao lưu cũ đi nơi khác.",
    "backup_old": "Chạy: thidua backup THƯ-MỤC, để ở ổ đĩa khác.",
    "lake_behind": "Xem: thidua lake. Sửa được rồi thì lượt sau tự ghi tiếp, hoặc ghi ngay: thidua lake --push.",
}

FLOWS = {
    "thu-thap-ky": "Thu thập",
    "dong-ky": "Chốt kỳ",
    "nhac-tinh": "Nhắc tỉnh",
    "tu-kiem-tra": "Tự kiểm tra",
    "bao-dong": "Báo động",
}


IDLE = "Không có việc"  # the state of a run on whose day there was nothing for it


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now. Code and subject name it; what is said of it may change while it lasts."""

    code: TroubleCode
    subject: str
    message: str

    @property
    def key(self) -> str:
        """Names the trouble from one look to the next."""
        return f"{self.code}/{self.subject}"

    @property
    def advice(self) -> str:
        """What a person is to do about it, in Vietnamese."""
        return ADVICE[self.code]


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found, and which kinds of trouble it was able to look for: only of those it knows an end."""

    troubles: tuple[Trouble, ...]
    examined: frozenset[TroubleCode]

    def __add__(self, other: Look) -> Look:
        """Two looks as one; a trouble that both found counts once."""
        known = {t.key: t for t in (*other.troubles, *self.troubles)}
        return Look(tuple(known.values()), self.examined | other.examined)


def saw(codes: Iterable[TroubleCode], troubles: Iterable[Trouble] = ()) -> Look:
    """A look for some kinds of trouble, with what it found."""
    return Look(tuple(troubles), frozenset(codes))
