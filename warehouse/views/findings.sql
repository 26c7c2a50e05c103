-- Grain: one row per assessed period × rule × subject for which the rule does not hold.
WITH
present AS (
    SELECT * FROM findings_as_of('infinity')
)
SELECT
    period_code,
    province_code,
    rule_code,
    severity,
    indicator_code,
    sheet,
    cell,
    observed,
    expected,
    message,
    province_id,
    province_name,
    file_name,
    advice,
    rule_title,
    submission_id,
    position,
    finding_id,
    figure_hash,
    status,
    explanation,
    suspect_indicator,
    suspect_sheet,
    suspect_cell,
    slip,
    proposed,
    alike,
    impact,
    impact_weight,
    refusal
FROM present
