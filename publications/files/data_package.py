"""The Frictionless description of the CSV and Parquet files of a publication: fields, types, units, what they mean."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.observation_status import load_observation_statuses
from publications.files.flat_files import Field, list_fields
from publications.standing import Standing
from publications.tables.figures import Figures
from publications.tables.shape import Kind, PublishedTable
from publications.workbook.front_sheets import TITLE, cluster_name

DATA_PACKAGE = "datapackage.json"

_TYPES: dict[Kind, dict[str, str]] = {
    "text": {"type": "string"},
    "rank": {"type": "integer"},
    "count": {"type": "integer"},
    "number": {"type": "number"},
    "amount": {"type": "number"},
    "flag": {"type": "boolean"},
    "time": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
}
_OF_A_FIGURE = {
    "status": "Trạng thái của số “{0}”: reported tỉnh báo cáo, derived Cụm tính, disputed đang nghi sai, blank để "
    "trống, none_arising không phát sinh, not_yet_available chưa có số liệu; ở dòng toàn Cụm: sum cộng, rebuilt tính "
    "lại, announced cụm trưởng công bố, not_computed không tính",
    "is_estimated": "Đúng nếu số “{0}” là số ước",
    "obs_status": "Mã trạng thái quan sát SDMX (CL_OBS_STATUS) của số “{0}”; xem observationStatuses",
}
_MEANINGS = {
    "period_code": "Mã kỳ báo cáo, ví dụ 2021H1 là 6 tháng đầu năm 2021",
    "province_id": "Định danh lâu dài của đơn vị, không đổi khi mã hoặc địa giới đổi; toan-cum là toàn Cụm",
    "province_code": "Mã tỉnh theo danh mục hành chính ở cuối kỳ; trống với toàn Cụm",
    "province_name": "Tên đơn vị",
    "rank": "Hạng trong Cụm theo chỉ tiêu xếp hạng của bảng; trống là không xếp",
    "indicator_code": "Mã chỉ tiêu",
    "indicator_name": "Tên chỉ tiêu",
    "unit": "Đơn vị tính",
    "value": "Giá trị; trống là không có số (không có nghĩa là 0)",
    "value_source": "Nguồn của số toàn Cụm, bằng lời",
    "reporting": "Số tỉnh báo cáo trên số tỉnh phải báo cáo, bằng chữ",
    "provinces_reporting": "Số tỉnh có báo cáo chỉ tiêu, kể cả không phát sinh",
    "provinces_expected": "Số tỉnh phải báo cáo chỉ tiêu",
    "control_value": "Số cụm trưởng công bố; trống là không công bố",
    "footnotes": "Chú thích của các số trong dòng, cách nhau bằng dấu |",
    "seal_no": "Số của bản niêm phong đem so",
    "sealed_value": "Giá trị trong bản đã chốt; trống là không có số",
    "difference": "Giá trị hiện nay trừ giá trị đã chốt",
    "sealed_state": "Trạng thái của số trong bản đã chốt",
    "state": "Trạng thái hiện nay",
    "change": "Thay đổi so với bản đã chốt, bằng lời",
    "submitted": "Đã gửi hay chưa, bằng lời",
    "is_submitted": "Đúng nếu đơn vị đã gửi báo cáo dùng được",
    "on_time": "Đúng hạn hay không, bằng lời",
    "is_on_time": "Đúng nếu gửi đúng hạn; trống là chưa biết",
    "file_name": "Tên tệp",
    "version": "Lần gửi, đếm từ 1",
    "received_at": "Lúc hệ thống thấy tệp lần đầu, giờ UTC",
    "cells_received": "Số ô bắt buộc đã có số liệu",
    "cells_expected": "Số ô bắt buộc",
    "critical_count": "Số phát hiện “Phải sửa” còn mở",
    "warning_count": "Số phát hiện “Cần xem lại” còn mở",
    "info_count": "Số phát hiện “Thông tin” còn mở",
    "verdict": "Kết luận về tệp: accepted nhận, accepted_with_findings nhận và có phát hiện, rejected loại",
    "severity": "Mức độ: critical phải sửa, warning cần xem lại, info thông tin",
    "severity_name": "Mức độ, bằng lời",
    "rule_code": "Mã quy tắc",
    "sheet": "Trang tính trong tệp của đơn vị",
    "cell": "Ô trong trang tính, dạng A1",
    "observed": "Điều đã ghi trong ô",
    "expected": "Điều lẽ ra phải có",
    "message": "Nội dung phát hiện",
    "advice": "Cách sửa",
    "proposed": "Giá trị đề xuất; trống là không có",
    "impact": "Phát hiện làm thay đổi điều gì của Cụm",
    "status": "open còn mở, explained giải trình được chấp nhận, waived được miễn",
    "status_name": "Tình trạng, bằng lời",
    "explanation": "Lời giải trình của đơn vị, hoặc lý do miễn",
    "source": "Nguồn số liệu của dòng: reported đơn vị báo cáo, synthetic giả lập, mixed có cả hai; trống là chưa có",
}


def render_data_package(
    figures: Figures,
    tables: Sequence[PublishedTable],
    files: Mapping[str, bytes],
    made_at: dt.datetime,
    standing: Standing,
) -> bytes:
    """The `datapackage.json` beside the files, which are given by their path; equal input gives equal bytes."""
    period = figures.catalogue.calendar[figures.period_code]
    state = f"bản chốt số {standing.seal_no}" if standing.is_final else standing.headline.casefold()
    banner = f"{figures.banner}; " if figures.banner else ""
    marks = ["synthetic", "giả lập"] if figures.banner else []
    resources = []
    for table in tables:
        fields = [_describe(figures, field) for field in list_fields(table)]
        for kind in ("csv", "parquet"):
            path = f"{kind}/{table.table_code}.{kind}"
            resources.append(_resource(table, kind, path, files[path], fields))
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": f"thi-dua-{figures.period_code.lower()}",
        "title": f"{TITLE.capitalize()}, {period.name}",
        "description": f"{banner}{cluster_name(figures.catalogue, figures.period_code)}; {state}. Ô trống là không "
        "có số, không có nghĩa là 0.",
        "version": str(standing.seal_no) if standing.is_final else "du-thao",
        "created": made_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "keywords": ["thi đua", figures.period_code, *marks],
        "temporal": {"start": period.starts_on.isoformat(), "end": period.ends_on.isoformat()},
        "observationStatuses": _codes(),
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(table: PublishedTable, kind: str, path: str, data: bytes, fields: list[dict[str, Any]]) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": table.table_code if kind == "csv" else f"{table.table_code}-parquet",
        "path": path,
        "title": table.title,
        "format": kind,
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
    }
    if kind == "csv":
        resource |= {
            "profile": "tabular-data-resource",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        }
    else:  # columns of the same names; the file carries its own types
        resource |= {"profile": "data-resource", "type": "file", "mediatype": "application/vnd.apache.parquet"}
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.layout in ("provinces", "indicators"):
        schema["primaryKey"] = ["period_code", "province_id" if table.layout == "provinces" else "indicator_code"]
    return {**resource, "schema": schema} if kind == "csv" else resource


def _describe(figures: Figures, field: Field) -> dict[str, Any]:
    """One field: its type, and for a figure its indicator's whole name, definition and unit."""
    column = field.column
    code = "" if column is None else column.code
    indicator = figures.catalogue.indicators.get(code)
    label = indicator.label if indicator is not None else _MEANINGS.get(code or field.name, "")
    told: dict[str, Any] = {"name": field.name, **_TYPES[field.kind]}
    if column is not None and column.heading and field.role == "value":
        told["title"] = column.heading
    if field.role in _OF_A_FIGURE:
        told["description"] = _OF_A_FIGURE[field.role].format(label.split(";")[0])
        return told
    footnote = f". {indicator.footnote}" if indicator is not None and indicator.footnote else ""
    told["description"] = label + footnote
    if column is not None and column.unit:
        told["unit"] = column.unit
    if field.kind in ("rank", "count"):
        told["constraints"] = {"minimum": 1 if field.kind == "rank" else 0}
    return told


def _codes() -> list[dict[str, str]]:
    """What the codes mean, and of which states they are made."""
    return [
        {"status": row.status, "obs_status": row.obs_status, "name": row.obs_name, "description": row.meaning}
        for row in load_observation_statuses()
    ]
