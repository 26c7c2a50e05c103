-- Grain: one row per assessed period × member province, as of a moment.
CREATE OR REPLACE MACRO members_as_of(moment) AS TABLE
WITH
assessments AS (
    SELECT * FROM assessments_as_of(moment)
),
memberships AS (
    SELECT province_id, valid_from, coalesce(valid_to, '9999H2') AS last_period FROM bridge_membership WHERE role = 'member'
),
provinces AS (
    SELECT * FROM dim_province WHERE kind <> 'cluster'
)
SELECT assessments.*, provinces.province_id, provinces.province_code, provinces.name AS province_name
FROM assessments
JOIN provinces
    ON provinces.valid_from <= assessments.ends_on
    AND assessments.ends_on < coalesce(provinces.valid_to, DATE 'infinity')
SEMI JOIN memberships
    ON provinces.province_id = memberships.province_id
    AND assessments.period_code >= memberships.valid_from
    AND assessments.period_code <= memberships.last_period
