"""Whole runs over real shares: the same figures from anywhere, and the last accepted version when a share is out."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from office import EXAMPLES, Office
from servers import Samba, Sshd, free_port
from shared_office import SharedOffice, put_return

FIGURES = (
    "SELECT period_code, province_code, indicator_code, value, status, is_estimated, raw_text, file_name, sheet, cell, "
    "version FROM observations ORDER BY ALL"
)
FINDINGS = "SELECT province_code, rule_code, severity, indicator_code, sheet, cell, message FROM findings ORDER BY ALL"


def spread(samba: Samba, sshd: Sshd, near: Path) -> dict[str, dict[str, Any] | str]:
    """The ten real returns over three kinds of share."""
    units: dict[str, dict[str, Any] | str] = {}
    for number, folder in enumerate(sorted(EXAMPLES.iterdir())):
        path = f"mixed/{folder.name}"
        place: Path = (near, samba.tree, sshd.tree)[number % 3]
        put_return(place / path, folder.name)
        units[folder.name] = (str(near / path), samba.row(path), sshd.row(path))[number % 3]
    return units


def test_the_same_from_shares_as_from_folders(office: SharedOffice, samba: Samba, sshd: Sshd, tmp_path: Path) -> None:
    local = Office(tmp_path / "local")
    shutil.copytree(EXAMPLES, local.returns)
    local.run()
    office.settle(spread(samba, sshd, tmp_path / "near"))
    outcome = office.run()
    assert len(outcome.new_files) == 10
    assert office.sql(FIGURES) == local.sql(FIGURES)
    assert office.sql(FINDINGS) == local.sql(FINDINGS)
    kinds = office.sql("SELECT split_part(path, ':', 1), count(*) FROM submissions GROUP BY ALL ORDER BY 1")
    assert [kind for kind, _ in kinds if kind in ("sftp", "smb")] == ["sftp", "smb"]
    assert not office.run().had_work


def test_a_share_that_is_out_keeps_its_last_version(office: SharedOffice, samba: Samba, tmp_path: Path) -> None:
    put_return(samba.tree / "out" / "Hà Nam", "Hà Nam")
    put_return(tmp_path / "near", "Ninh Bình")
    right = samba.row("out/Hà Nam")
    office.settle({"Hà Nam": right, "Ninh Bình": str(tmp_path / "near")})
    office.run()
    figures = office.sql(FIGURES)
    office.settle({"Hà Nam": samba.row("out/Hà Nam", port=free_port()), "Ninh Bình": str(tmp_path / "near")})
    shutil.copy(next((EXAMPLES / "Ninh Bình").glob("*.xlsx")), tmp_path / "near" / "bản sao.xlsx")
    os.utime(tmp_path / "near" / "bản sao.xlsx", (0, 0))
    office.run()
    assert office.sql(FIGURES) == figures
    [(province, severity, message)] = office.sql(
        "SELECT province_code, severity, message FROM findings WHERE rule_code = 'share_unreachable'"
    )
    assert (province, severity) == ("35", "warning")
    assert "của Hà Nam" in message and "không kết nối được với máy chủ" in message and "smb://127.0.0.1" in message
    office.settle({"Hà Nam": right, "Ninh Bình": str(tmp_path / "near")})
    office.run()
    assert office.sql("SELECT count(*) FROM findings WHERE rule_code = 'share_unreachable'") == [(0,)]
