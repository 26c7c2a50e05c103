"""Where secrets lie: in a variable of the environment or in a Secret block of Prefect, never in a settings file."""

from __future__ import annotations

import os
import re

SECRET_KEY = re.compile(r"pass|pwd|secret|token|credential|mat.?khau|mật.?khẩu|(^|_)(key|sas)$", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BLOCK = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class SecretError(Exception):
    """A secret is not where the settings say; the message is Vietnamese and quotes neither secret nor value."""


def find_place_problem(row: dict[str, str], name: str) -> str:
    """What is wrong with `<name>_env` and `<name>_block` of a row of settings, "" where nothing is."""
    variable, block = f"{name}_env", f"{name}_block"
    if variable in row and not _VARIABLE.fullmatch(row[variable]):
        return f"“{variable}” chỉ ghi tên một biến môi trường, không ghi chính bí mật"
    if block in row and not _BLOCK.fullmatch(row[block]):
        return f"“{block}” chỉ ghi tên một khối Secret của Prefect, không ghi chính bí mật"
    if variable in row and block in row:
        return f"chỉ dùng một trong “{variable}”, “{block}”"
    return ""


def load_secret(variable: str, block: str, name: str) -> str:
    """The secret of a variable or of a block, "" where neither is named. Raises SecretError."""
    if variable:
        found = os.environ.get(variable)
        if not found:
            raise SecretError(f"chưa đặt biến môi trường mà {name}_env nêu tên")
        return found
    if block:
        from prefect.blocks.system import Secret

        try:
            return str(Secret.load(block).get())  # type: ignore[union-attr]
        except Exception:
            raise SecretError(f"không lấy được khối bí mật Prefect mà {name}_block nêu tên") from None
    return ""
