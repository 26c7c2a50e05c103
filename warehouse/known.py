"""What a published copy knows of the figures of one period, with the words they were written in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from warehouse.published import query
from warehouse.session import WarehouseError

_PERIOD = re.compile(r"\d{4}H[12]")
_OBSERVATIONS = "SELECT * FROM observations WHERE period_code = '{period}'"
_TOTALS = """
WITH
announced AS (
    SELECT dim_submission.submission_id, dim_indicator.indicator_code, told.raw_text, told.is_estimated
    FROM current_assessments AS judgement
    JOIN bridge_assessment_submission AS used ON judgement.assessment_key = used.assessment_key
    JOIN dim_submission ON used.submission_key = dim_submission.submission_key
    JOIN fact_observation AS told ON used.reading_key = told.reading_key
    JOIN dim_indicator ON told.indicator_key = dim_indicator.indicator_key
    WHERE judgement.period_code = '{period}' AND dim_submission.province_id = 'toan-cum'
)
SELECT
    cluster_totals.*,
    announced.raw_text AS control_raw_text,
    announced.is_estimated AS control_is_estimated
FROM cluster_totals
LEFT JOIN announced
    ON cluster_totals.control_submission_id = announced.submission_id
    AND cluster_totals.indicator_code = announced.indicator_code
WHERE cluster_totals.period_code = '{period}'
"""


def known_rows(path: Path, period_code: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of `observations` and of `cluster_totals`, these with the text of the announced figure.

    Empty where the period was never assessed; raises WarehouseError.
    """
    if not _PERIOD.fullmatch(period_code):
        raise WarehouseError(f"{period_code!r} is no period")
    found = {}
    for view, sql in (("observations", _OBSERVATIONS), ("cluster_totals", _TOTALS)):
        names, rows = query(path, sql.replace("{period}", period_code))
        found[view] = [dict(zip(names, row, strict=True)) for row in rows]
    return found
