-- One exact quotient of two figures, rounded half away from zero to at most ten places; NULL where nothing can be divided.
-- What a DOUBLE comes to is the answer or next to it, which exact products tell; to divide wide integers takes twenty times as long.
CREATE OR REPLACE MACRO quotient(numerator, denominator, places, factor := 1) AS (
    list_transform(
        [round(abs(numerator::DECIMAL(38, 10)::DOUBLE) * factor * 10 ** places / abs(nullif(denominator, 0)::DECIMAL(38, 10)::DOUBLE))],
        lambda near: CASE
            WHEN near < 1e15
                THEN (
                    sign(numerator::DECIMAL(38, 10)) * sign(denominator::DECIMAL(38, 10))
                    * (
                        near::BIGINT
                        + CASE
                            WHEN 2 * abs(numerator::DECIMAL(38, 10)) * (factor * 10 ** places)::BIGINT
                                >= abs(denominator::DECIMAL(38, 10)) * (2 * near + 1)::BIGINT
                                THEN 1
                            WHEN 2 * abs(numerator::DECIMAL(38, 10)) * (factor * 10 ** places)::BIGINT
                                < abs(denominator::DECIMAL(38, 10)) * (2 * near - 1)::BIGINT
                                THEN -1
                            ELSE 0
                        END
                    )
                    * (10 ** (10 - places))::HUGEINT
                )::DECIMAL(28, 0) * 0.0000000001
            WHEN near IS NOT NULL
                THEN (
                    sign(numerator::DECIMAL(38, 10)) * sign(denominator::DECIMAL(38, 10))
                    * (
                        (
                            2 * (abs(factor * numerator::DECIMAL(38, 10)) * 10000000000)::HUGEINT * (10 ** places)::HUGEINT
                            + (abs(denominator::DECIMAL(38, 10)) * 10000000000)::HUGEINT
                        )
                        // (2 * (abs(denominator::DECIMAL(38, 10)) * 10000000000)::HUGEINT)
                    )
                    * (10 ** (10 - places))::HUGEINT
                )::DECIMAL(28, 0) * 0.0000000001
        END
    )[1]
)
