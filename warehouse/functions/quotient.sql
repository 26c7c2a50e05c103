-- One exact quotient of two figures, rounded half away from zero to at most ten places; NULL where nothing can be divided.
CREATE OR REPLACE MACRO quotient(numerator, denominator, places) AS (
    CASE
        WHEN denominator::DECIMAL(38, 10) <> 0
            THEN (
                sign(numerator::DECIMAL(38, 10)) * sign(denominator::DECIMAL(38, 10))
                * (
                    (
                        2 * (abs(numerator::DECIMAL(38, 10)) * 10000000000)::HUGEINT * (10 ** places)::HUGEINT
                        + (abs(denominator::DECIMAL(38, 10)) * 10000000000)::HUGEINT
                    )
                    // (2 * (abs(denominator::DECIMAL(38, 10)) * 10000000000)::HUGEINT)
                )
                * (10 ** (10 - places))::HUGEINT
            )::DECIMAL(28, 0) * 0.0000000001
    END
)
