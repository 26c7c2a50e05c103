-- Grain: one row per explanation and span of time in which the last word of it is that it is refused.
INSERT INTO bridge_refusal BY NAME
WITH
said AS (
    SELECT said.*, revoking.decided_at AS revoked_at
    FROM fact_ruling AS said
    LEFT JOIN (
        SELECT revokes, min(decided_at) AS decided_at FROM fact_ruling WHERE revokes <> '' GROUP BY revokes
    ) AS revoking ON said.ruling_id = revoking.revokes
    WHERE said.kind IN ('accept', 'refuse')
),
turns AS (
    SELECT finding_id, figure_hash, decided_at AS turned_at FROM said
    UNION
    SELECT finding_id, figure_hash, revoked_at FROM said WHERE revoked_at IS NOT NULL
),
last_words AS (
    SELECT
        turns.finding_id,
        turns.figure_hash,
        turns.turned_at AS refused_from,
        lead(turns.turned_at) OVER (
            PARTITION BY turns.finding_id, turns.figure_hash
            ORDER BY turns.turned_at
        ) AS refused_to,
        max({decided_at: said.decided_at, ruling_id: said.ruling_id, kind: said.kind, reason: said.reason}) AS word
    FROM turns
    LEFT JOIN said
        ON turns.finding_id = said.finding_id
        AND turns.figure_hash = said.figure_hash
        AND said.decided_at <= turns.turned_at
        AND (said.revoked_at IS NULL OR said.revoked_at > turns.turned_at)
    GROUP BY turns.finding_id, turns.figure_hash, turns.turned_at
)
SELECT finding_id, figure_hash, refused_from, refused_to, word.decided_at, word.reason
FROM last_words
WHERE word.kind = 'refuse'
ORDER BY finding_id, figure_hash, refused_from
