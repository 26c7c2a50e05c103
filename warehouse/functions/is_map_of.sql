-- Whether a map that holds from one day until another is that of `day`, or of the half-year's own end where no day is given.
CREATE OR REPLACE MACRO is_map_of(day, ends_on, drawn_from, drawn_to) AS (
    drawn_from <= coalesce(CAST(day AS DATE), ends_on)
    AND coalesce(CAST(day AS DATE), ends_on) < coalesce(drawn_to, DATE 'infinity')
)
