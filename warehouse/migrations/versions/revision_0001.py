"""The star as it began."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, WHOLE, FLAG, DAY = sa.Text(), sa.Integer(), sa.Boolean(), sa.Date()
MOMENT = sa.DateTime(timezone=True)
FIGURE = sa.Numeric(38, 10)


def key(name: str) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, primary_key=True, autoincrement=False)


def required(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def optional(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    op.create_table(
        "warehouse_definition",
        required("name", TEXT),
        required("fingerprint", TEXT),
    )
    op.create_table(
        "dim_catalogue",
        key("catalogue_key"),
        required("catalogue_hash", TEXT),
        required("is_current", FLAG),
    )
    op.create_table(
        "dim_unit",
        key("unit_key"),
        required("unit_code", TEXT),
        required("name", TEXT),
        required("quantity", TEXT),
        required("factor", FIGURE),
    )
    op.create_table(
        "dim_province",
        key("province_key"),
        required("province_id", TEXT),
        optional("province_code", TEXT),
        required("name", TEXT),
        required("full_name", TEXT),
        required("kind", TEXT),
        required("valid_from", DAY),
        optional("valid_to", DAY),
    )
    op.create_table(
        "dim_period",
        key("period_key"),
        required("period_code", TEXT),
        required("name", TEXT),
        required("starts_on", DAY),
        required("ends_on", DAY),
        required("admin_starts_on", DAY),
        required("admin_ends_on", DAY),
        required("due_on", DAY),
        required("meets_on", DAY),
        required("is_assumed", FLAG),
    )
    op.create_table(
        "bridge_membership",
        required("province_id", TEXT),
        required("role", TEXT),
        required("valid_from", TEXT),
        optional("valid_to", TEXT),
        required("is_assumed", FLAG),
        required("source", TEXT),
    )
    op.create_table(
        "dim_indicator",
        key("indicator_key"),
        required("indicator_code", TEXT),
        required("section_code", TEXT),
        required("section_name", TEXT),
        required("position", WHOLE),
        required("label", TEXT),
        required("heading", TEXT),
        required("unit_code", TEXT),
        required("unit_name", TEXT),
        required("time_kind", TEXT),
        required("aggregation", TEXT),
        required("decimals", WHOLE),
        required("is_whole", FLAG),
        optional("low", FIGURE),
        optional("high", FIGURE),
        required("is_required", FLAG),
        required("is_announced", FLAG),
        optional("accompanies", TEXT),
        optional("growth_of", TEXT),
        optional("fraction_of", TEXT),
        optional("table_code", TEXT),
        optional("footnote", TEXT),
        required("valid_from", TEXT),
        optional("valid_to", TEXT),
        required("content_hash", TEXT),
        required("is_current", FLAG),
    )
    op.create_table(
        "dim_rule",
        key("rule_key"),
        required("rule_code", TEXT),
        required("family", TEXT),
        required("severity", TEXT),
        required("scope", TEXT),
        required("disputes", TEXT),
        required("title", TEXT),
        optional("parameter", FIGURE),
        required("message", TEXT),
        optional("advice", TEXT),
        required("valid_from", TEXT),
        optional("valid_to", TEXT),
        required("content_hash", TEXT),
        required("is_current", FLAG),
    )
    op.create_table(
        "dim_submission",
        key("submission_key"),
        required("submission_id", TEXT),
        required("province_id", TEXT),
        required("period_code", TEXT),
        required("sha256", TEXT),
        required("path", TEXT),
        required("file_name", TEXT),
        required("version", WHOLE),
        required("received_at", MOMENT),
        required("modified_at", MOMENT),
        required("is_taken", FLAG),
        optional("form_version", TEXT),
        optional("held_because", TEXT),
    )
    op.create_table(
        "dim_reading",
        key("reading_key"),
        required("sha256", TEXT),
        required("reader_version", TEXT),
        required("catalogue_hash", TEXT),
        optional("province_id", TEXT),
        optional("period_code", TEXT),
        optional("form_version", TEXT),
        optional("reported_on", DAY),
        required("is_rejected", FLAG),
        required("read_at", MOMENT),
    )
    op.create_table(
        "dim_assessment",
        key("assessment_key"),
        required("period_code", TEXT),
        required("input_key", TEXT),
        required("assessed_at", MOMENT),
        required("catalogue_hash", TEXT),
        required("reader_version", TEXT),
    )
    op.create_table(
        "fact_observation",
        required("reading_key", WHOLE),
        required("position", WHOLE),
        required("indicator_key", WHOLE),
        optional("province_key", WHOLE),
        optional("period_key", WHOLE),
        required("state", TEXT),
        optional("value", FIGURE),
        required("is_estimated", FLAG),
        optional("raw_text", TEXT),
        optional("sheet", TEXT),
        optional("cell", TEXT),
        optional("note", TEXT),
    )
    op.create_table(
        "fact_reading_problem",
        required("reading_key", WHOLE),
        required("position", WHOLE),
        required("rule_code", TEXT),
        optional("indicator_code", TEXT),
        optional("sheet", TEXT),
        optional("cell", TEXT),
        optional("observed", TEXT),
        optional("expected", TEXT),
        optional("detail", TEXT),
    )
    op.create_table(
        "bridge_assessment_submission",
        required("assessment_key", WHOLE),
        required("submission_key", WHOLE),
        optional("reading_key", WHOLE),
        required("verdict", TEXT),
        required("is_current", FLAG),
    )
    op.create_table(
        "fact_finding",
        key("finding_key"),
        required("assessment_key", WHOLE),
        required("position", WHOLE),
        required("rule_key", WHOLE),
        required("severity", TEXT),
        optional("province_key", WHOLE),
        optional("submission_key", WHOLE),
        optional("indicator_code", TEXT),
        optional("file_name", TEXT),
        optional("sheet", TEXT),
        optional("cell", TEXT),
        optional("observed", TEXT),
        optional("expected", TEXT),
        required("message", TEXT),
        optional("advice", TEXT),
    )
    op.create_table(
        "bridge_finding_disputed",
        required("finding_key", WHOLE),
        required("assessment_key", WHOLE),
        optional("province_key", WHOLE),
        required("indicator_key", WHOLE),
    )
    op.create_table(
        "fact_derived",
        required("assessment_key", WHOLE),
        required("province_key", WHOLE),
        required("indicator_key", WHOLE),
        required("value", FIGURE),
    )
    op.create_table(
        "mart_cluster_total",
        required("assessment_key", WHOLE),
        required("position", WHOLE),
        required("indicator_key", WHOLE),
        optional("value", FIGURE),
        required("value_source", TEXT),
        required("provinces_reporting", WHOLE),
        required("provinces_expected", WHOLE),
        required("disputed_count", WHOLE),
        optional("value_without_disputed", FIGURE),
        optional("control_value", FIGURE),
        optional("control_sheet", TEXT),
        optional("control_cell", TEXT),
        optional("control_submission_key", WHOLE),
    )
