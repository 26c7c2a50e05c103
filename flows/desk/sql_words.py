"""What the shell says: its commands, its help, and DuckDB's commonest errors in Vietnamese."""

from __future__ import annotations

import re
import unicodedata

HELP = """Gõ câu SQL (SELECT …), kết thúc bằng dấu chấm phẩy; xuống dòng tự do. Chỉ đọc được, không sửa được gì.

  .bang               các bảng, khung nhìn và hàm (macro), kèm ý nghĩa
  .mo ta TÊN          các cột của một bảng hay khung nhìn, cách gọi một hàm
  .chi tieu [CHỮ]     mã chỉ tiêu có chữ ấy trong tên hoặc mã
  .don vi             mã và tên các tỉnh, Cụm
  .ky                 các kỳ có số liệu
  .xuat TỆP           ghi kết quả câu vừa hỏi, đủ mọi dòng, ra tệp .csv, .xlsx, .parquet hoặc .json
  .dong SỐ            số dòng hiện nhiều nhất (đang là {most})
  .tro giup           trang này
  .thoat              ra (hoặc Ctrl-D)

Phím: Tab gợi ý tên · ↑ ↓ câu đã gõ · Ctrl-R tìm câu đã gõ · Ctrl-C bỏ câu đang gõ, dừng câu đang chạy.
Trong bảng: số viết kiểu Việt Nam, ∅ là không có giá trị (không phải 0)."""

_NAMES = {
    "bang": "tables",
    "tables": "tables",
    "mo ta": "describe",
    "mota": "describe",
    "describe": "describe",
    "chi tieu": "indicators",
    "chitieu": "indicators",
    "don vi": "units",
    "donvi": "units",
    "tinh": "units",
    "ky": "periods",
    "xuat": "export",
    "dong": "most",
    "tro giup": "help",
    "trogiup": "help",
    "giup": "help",
    "help": "help",
    "thoat": "leave",
    "exit": "leave",
    "quit": "leave",
}
COMMAND_LINES = (".bang", ".mo ta ", ".chi tieu ", ".don vi", ".ky", ".xuat ", ".dong ", ".tro giup", ".thoat")

_ERRORS = (
    (
        re.compile(r"Table with name (\S+) does not exist!(?:\s*Did you mean \"([^\"]+)\")?"),
        "không có bảng hay khung nhìn nào tên “{0}”",
    ),
    (
        re.compile(r"(?:Table|Scalar) Function with name (\S+) does not exist!(?:\s*Did you mean \"([^\"]+)\")?"),
        "không có hàm nào tên “{0}”",
    ),
    (
        re.compile(r"Referenced column \"([^\"]+)\" not found in FROM clause!(?:\s*Candidate bindings: \"([^\"]+)\")?"),
        "không có cột nào tên “{0}”",
    ),
)
_FIXED = (
    ("Out of Memory", "câu này cần nhiều bộ nhớ hơn mức cho phép; hãy lọc bớt, hoặc bỏ bớt sắp xếp và gộp"),
    ("file system operations are disabled", "ở đây không đọc, không ghi được tệp nào ngoài bản kho; xuất bằng .xuat"),
    ("syntax error", "câu viết sai cú pháp"),
)


def fold(text: str) -> str:
    """A text as it may be typed: lower case, without marks."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def read_command(line: str) -> tuple[str, str] | None:
    """What a line that begins with a dot asks for, and the rest of it; None where it is no command."""
    words = line.strip().removeprefix(".").split()
    for count in (2, 1):
        name = _NAMES.get(fold(" ".join(words[:count])))
        if name is not None and len(words) >= count:
            return name, " ".join(words[count:])
    return None


def say_error(message: str) -> str:
    """An error of DuckDB's with what it comes to in front."""
    for pattern, words in _ERRORS:
        found = pattern.search(message)
        if found:
            hint = f"; có phải “{found[2]}” không?" if found[2] else "; xem .bang và .mo ta TÊN"
            return words.format(found[1].strip('"')) + hint
    for sign, words in _FIXED:
        if sign in message:
            return f"{words}\n  ({' '.join(message.split())[:300]})"
    return message
