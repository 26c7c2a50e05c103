"""What a run leaves on a real Prefect server: artifacts of stable keys that grow, progress that ends at a hundred."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
import pytest
from calling import Thidua

from flows.service import server

pytestmark = [pytest.mark.slow, pytest.mark.long]

NAMES = ("tong-quan", "ai-da-gui", "thay-doi", "phat-hien", "goi-ai", "buoc-tiep", "bang-o-dau", "tien-do")


def test_two_runs_leave_two_versions_of_every_artifact(thidua: Thidua, home: Path, served: server.Server) -> None:
    (home / "channels.toml").write_text('[contacts]\n"Ninh Bình" = "Bà Lê | Thị *Hoa*"\n', encoding="utf-8")
    with httpx.Client(base_url=served.api, auth=tuple(served.auth.split(":", 1)), trust_env=False) as api:  # type: ignore[arg-type]

        def ask(what: str, **wanted: Any) -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = api.post(f"/{what}/filter", json={"limit": 200, **wanted}).json()
            return found

        known = {artifact["id"] for artifact in ask("artifacts")}
        for _ in range(2):
            ran = thidua("run", "2021H1")
            assert ran.returncode == 0, ran.stderr
        by_key = defaultdict(list)
        for artifact in ask("artifacts", sort="UPDATED_DESC"):
            if artifact["id"] not in known:
                by_key[artifact["key"]].append(artifact)
        assert sorted(by_key) == sorted(f"{name}-2021h1" for name in NAMES)
        assert {len(versions) for versions in by_key.values()} == {2}
        assert [float(a["data"]) for a in by_key["tien-do-2021h1"]] == [100, 100]
        assert all(a["flow_run_id"] for versions in by_key.values() for a in versions)
        _look_at_texts({key: versions[0] for key, versions in by_key.items()})
        flow_runs = {a["flow_run_id"] for a in by_key["tong-quan-2021h1"]}
        told = [api.get(f"/flow_runs/{run_id}").json() for run_id in flow_runs]
        assert {run["name"] for run in told} == {"Thu thập · 2021H1"}
        assert any(run["state"]["message"].startswith("10 tệp mới") for run in told)
        tasks = ask("task_runs", flow_runs={"id": {"any_": sorted(flow_runs)}})
        names = {unicodedata.normalize("NFC", task["name"]) for task in tasks}
        assert {"Hưng Yên · 2021H1 · trích số liệu", "2021H1 · kiểm tra và kết luận"} <= names
        assert any("Hưng Yên: đọc 1 tệp, 33 số liệu" in (task["state"]["message"] or "") for task in tasks)
    noted = json.loads(thidua("runs", "2021H1", "--json").stdout)
    assert [run["state"] for run in noted] == ["nothing_new", "completed"]
    assert {run["flow_run_id"] for run in noted} == flow_runs
    assert "Ninh Bình" in thidua("runs", "--changes", noted[1]["run_id"][:8]).stdout
    assert thidua("runs", "--changes", "khong-phai-so").returncode == 2


def _look_at_texts(newest: dict[str, dict[str, Any]]) -> None:
    rows = json.loads(newest["ai-da-gui-2021h1"]["data"])
    assert len(rows) == 9
    assert {row["Tỉnh"]: row["Tình trạng"] for row in rows}["Ninh Bình"] == "🔴 Phải sửa 1 chỗ"
    overview = newest["tong-quan-2021h1"]["data"]
    assert "**9/9** tỉnh" in overview and "## Việc cần làm ngay" in overview and "**DỰ THẢO**" in overview
    assert r"Gọi Ninh Bình (Bà Lê \| Thị \*Hoa\*)" in overview
    assert r"Bà Lê \| Thị \*Hoa\*" in newest["goi-ai-2021h1"]["data"]
    assert "**Lượt này không có gì mới.**" in newest["thay-doi-2021h1"]["data"]
    assert "Tổng cụm" in newest["phat-hien-2021h1"]["data"]
    assert "Họp Cụm kỳ 2021H1" in newest["buoc-tiep-2021h1"]["data"]
    assert "bang-tong-hop.xlsx" in newest["bang-o-dau-2021h1"]["data"]
    assert newest["tien-do-2021h1"]["description"] == "Tiến độ · 2021H1 · xong"
