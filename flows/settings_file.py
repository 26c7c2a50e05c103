"""The office's settings files, as tables; what is wrong with one is said without quoting any value of it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

_REASONS: dict[type[OSError], str] = {
    FileNotFoundError: "không có tệp ấy",
    PermissionError: "không có quyền đọc",
    IsADirectoryError: "đó là một thư mục",
    NotADirectoryError: "một phần của đường dẫn là tệp",
}


def read_toml(file: Path, error_class: type[Exception], hint: str = "") -> dict[str, Any]:
    """The tables of a TOML file. Raises `error_class` with a Vietnamese message; `hint` says what often is wrong."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = _REASONS.get(type(error), error.strerror)
        raise error_class(f"không đọc được tệp “{file}” ({reason})") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f" (dòng {place[1]}, cột {place[2]})" if place else " (ở cuối tệp, còn thiếu)"
        raise error_class(f"tệp “{file}” không đúng dạng TOML{where}{f'; {hint}' if hint else ''}") from None
    except UnicodeDecodeError:
        raise error_class(f"tệp “{file}” không phải văn bản UTF-8") from None
