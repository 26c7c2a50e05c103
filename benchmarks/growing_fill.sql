-- One half-year ${p}, the ${n}th, in the manner of what a season leaves behind. The first three steps copy the files of ${first};
-- a half-year that was loaded begins with the fourth. Steps are parted by a blank line.
INSERT INTO dim_submission BY NAME
SELECT * REPLACE (
    submission_key + (SELECT max(submission_key) FROM dim_submission) AS submission_key,
    '${p}' || submission_id[7:] AS submission_id, '${p}' AS period_code, sha256(sha256 || '${p}') AS sha256
)
FROM dim_submission WHERE period_code = '${first}' AND version = 1;

INSERT INTO dim_reading BY NAME
SELECT * REPLACE (
    reading_key + (SELECT max(reading_key) FROM dim_reading) AS reading_key,
    '${p}' AS period_code, sha256(sha256 || '${p}') AS sha256
)
FROM dim_reading WHERE reading_key <= ${units};

INSERT INTO fact_observation BY NAME
SELECT * REPLACE (
    reading_key + (SELECT max(reading_key) FROM dim_reading) - ${units} AS reading_key,
    (SELECT period_key FROM dim_period WHERE period_code = '${p}') AS period_key
)
FROM fact_observation WHERE reading_key <= ${units};

-- Figures of its own: values spread over three orders, some cells blank, some without anything to tell.
UPDATE fact_observation
SET
    value = CASE
        WHEN hash(reading_key, position) % 53 < 2 THEN NULL
        ELSE round(coalesce(value, 1 + position) * (1 + hash(position, reading_key) % 9973 / 100.0), 2)
    END,
    state = CASE hash(reading_key, position) % 53 WHEN 0 THEN 'blank' WHEN 1 THEN 'none_arising' ELSE 'number' END,
    raw_text = CASE WHEN hash(reading_key, position) % 53 <> 0
        THEN (coalesce(value, 1 + position) * (1 + hash(position, reading_key) % 9973 / 100.0))::VARCHAR
    END
WHERE period_key = (SELECT period_key FROM dim_period WHERE period_code = '${p}');

-- Every fiftieth unit sends a second version, in which some figures are others.
INSERT INTO dim_submission BY NAME
SELECT * REPLACE (
    submission_key + 10000000 AS submission_key, submission_id || '-2' AS submission_id,
    sha256(sha256 || '2') AS sha256, 2 AS version
)
FROM dim_submission WHERE period_code = '${p}' AND submission_key % 50 = 3;

INSERT INTO dim_reading BY NAME
SELECT * REPLACE (reading_key + 10000000 AS reading_key, sha256(sha256 || '2') AS sha256)
FROM dim_reading
WHERE sha256 IN (SELECT sha256 FROM dim_submission WHERE period_code = '${p}' AND submission_key % 50 = 3 AND version = 1);

INSERT INTO fact_observation BY NAME
SELECT figure.* REPLACE (
    figure.reading_key + 10000000 AS reading_key,
    CASE WHEN (figure.reading_key + figure.position) % 20 = 0 THEN figure.value + 1 ELSE figure.value END AS value
)
FROM fact_observation AS figure
JOIN dim_reading AS corrected ON figure.reading_key + 10000000 = corrected.reading_key
WHERE figure.period_key = (SELECT period_key FROM dim_period WHERE period_code = '${p}') AND corrected.period_code = '${p}';

-- Files came by the due date, second versions ten days later.
UPDATE dim_submission
SET
    received_at = (SELECT due_on::TIMESTAMPTZ FROM dim_period WHERE period_code = '${p}')
        + to_days(CASE version WHEN 2 THEN 10 ELSE -(submission_key % 5)::INTEGER END)
WHERE period_code = '${p}';

-- Two assessments: of the first versions, and of all.
INSERT INTO dim_assessment (assessment_key, period_code, input_key, assessed_at, catalogue_hash, reader_version)
SELECT
    ${n} * 2 + stage + 1, '${p}', '${p} ' || stage, due_on::TIMESTAMPTZ + to_days(1 + 10 * stage::INTEGER),
    (SELECT catalogue_hash FROM dim_catalogue WHERE is_current), (SELECT min(reader_version) FROM dim_reading)
FROM dim_period CROSS JOIN range(2) AS stages (stage)
WHERE period_code = '${p}';

INSERT INTO bridge_assessment_submission
SELECT
    dim_assessment.assessment_key, sent.submission_key, dim_reading.reading_key, 'accepted_with_findings',
    sent.version = 2 OR sent.submission_key % 50 <> 3 OR dim_assessment.assessment_key % 2 = 1, TRUE
FROM dim_assessment
JOIN dim_submission AS sent ON dim_assessment.period_code = sent.period_code
JOIN dim_reading ON sent.sha256 = dim_reading.sha256
WHERE dim_assessment.period_code = '${p}' AND (sent.version = 1 OR dim_assessment.assessment_key % 2 = 0);

-- Findings of thirty rules, most of them open, a third of them leaving a figure in dispute.
INSERT INTO fact_finding BY NAME
SELECT
    ${n} * 3000 + place::INTEGER + 1 AS finding_key, ${n} * 2 + 1 + (place % 2)::INTEGER AS assessment_key, place // 2 AS position,
    dim_rule.rule_key, dim_rule.severity, province.province_key, sent.submission_key, asked.indicator_code,
    sent.file_name, 'D' AS sheet, 'D' || place AS cell, place::VARCHAR AS observed, (place + 1)::VARCHAR AS expected,
    dim_rule.title || ' ' || place AS message, dim_rule.advice, sha256('${p}' || place // 2) AS finding_id,
    sha256(place // 2 || '') AS figure_hash,
    CASE place // 2 % 7 WHEN 0 THEN 'explained' WHEN 1 THEN 'waived' ELSE 'open' END AS status,
    'đổi ' || place AS impact, place AS impact_weight
FROM range(1200) AS places (place)
JOIN dim_rule ON dim_rule.rule_key = 1 + place // 2 % 30
JOIN dim_submission AS sent
    ON sent.period_code = '${p}' AND sent.version = 1 AND sent.submission_key % ${units} = place // 2 * 5 % ${units}
JOIN dim_province AS province
    ON sent.province_id = province.province_id
    AND province.valid_from <= (SELECT ends_on FROM dim_period WHERE period_code = '${p}')
    AND (province.valid_to IS NULL OR province.valid_to > (SELECT ends_on FROM dim_period WHERE period_code = '${p}'))
JOIN (SELECT indicator_code, row_number() OVER (ORDER BY indicator_key) - 1 AS number FROM dim_indicator) AS asked
    ON asked.number = place // 2 % 60;

INSERT INTO bridge_finding_disputed
SELECT finding_key, assessment_key, province_key, indicator_key
FROM fact_finding
JOIN dim_indicator ON fact_finding.indicator_code = dim_indicator.indicator_code
WHERE assessment_key IN (${n} * 2 + 1, ${n} * 2 + 2) AND fact_finding.position % 3 = 0;

-- A rate that a unit leaves blank is derived.
INSERT INTO fact_derived
SELECT judged.assessment_key, figure.province_key, figure.indicator_key, 50
FROM bridge_assessment_submission AS judged
JOIN fact_observation AS figure ON judged.reading_key = figure.reading_key
JOIN dim_indicator ON figure.indicator_key = dim_indicator.indicator_key
WHERE judged.assessment_key IN (${n} * 2 + 1, ${n} * 2 + 2) AND judged.is_current
    AND dim_indicator.indicator_code = 'ntm_communes_certified_rate' AND figure.state = 'blank';

INSERT INTO mart_cluster_total BY NAME
SELECT
    judged.assessment_key, row_number() OVER (PARTITION BY judged.assessment_key ORDER BY figure.indicator_key) - 1 AS position,
    figure.indicator_key, sum(figure.value) AS value, 'sum' AS value_source,
    count(*) AS provinces_reporting, count(*) AS provinces_expected,
    0 AS disputed_count, sum(figure.value) AS value_without_disputed,
    CASE WHEN figure.indicator_key % 9 = 0 THEN sum(figure.value) + 7 END AS control_value,
    CASE WHEN figure.indicator_key % 9 = 0 THEN 'B' END AS control_sheet,
    CASE WHEN figure.indicator_key % 9 = 0 THEN 'E7' END AS control_cell,
    CASE WHEN figure.indicator_key % 9 = 0 THEN min(judged.submission_key) END AS control_submission_key
FROM bridge_assessment_submission AS judged
JOIN fact_observation AS figure ON judged.reading_key = figure.reading_key
JOIN dim_indicator ON figure.indicator_key = dim_indicator.indicator_key
WHERE judged.assessment_key IN (${n} * 2 + 1, ${n} * 2 + 2) AND judged.is_current AND dim_indicator.aggregation = 'sum'
GROUP BY judged.assessment_key, figure.indicator_key;

-- What later files repeat otherwise.
INSERT INTO fact_revision
SELECT
    ${n} * 2 + 2, row_number() OVER (ORDER BY figure.reading_key, figure.position) - 1, figure.province_key, figure.indicator_key,
    '${earlier}', figure.value, figure.value + 3, judged.submission_key, figure.sheet, figure.cell, figure.raw_text
FROM bridge_assessment_submission AS judged
JOIN fact_observation AS figure ON judged.reading_key = figure.reading_key
WHERE judged.assessment_key = ${n} * 2 + 2 AND judged.is_current AND '${earlier}' <> '${p}'
    AND figure.value IS NOT NULL AND (figure.reading_key + figure.position) % 701 = 0;

-- Of the last assessment every rule applied, some 116 a unit.
INSERT INTO fact_check BY NAME
SELECT
    ${n} * 2 + 2 AS assessment_key, rule.rule_key, figure.province_key, figure.indicator_key, figure.value AS figure,
    (hash(figure.reading_key, rule.rule_key) % 1000) / 10.0 AS measured, 0 AS low, 100 AS high,
    CASE WHEN rule.rule_key % 3 = 0 THEN figure.value * 2 END AS reference, TRUE AS is_held
FROM bridge_assessment_submission AS judged
JOIN fact_observation AS figure ON judged.reading_key = figure.reading_key
JOIN dim_rule AS rule ON rule.rule_key <= 30 AND (rule.rule_key + figure.position * 7) % 18 = 0
WHERE judged.assessment_key = ${n} * 2 + 2 AND judged.is_current
