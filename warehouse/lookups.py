"""From the identifiers that flow through the house to the star's surrogate keys."""

from __future__ import annotations

from warehouse.session import Session, WarehouseError


def indicator_key(session: Session, code: str) -> int:
    known = session.known("indicator", "SELECT indicator_code, indicator_key FROM dim_indicator WHERE is_current")
    return _found(known.get(code), f"indicator {code!r}")


def rule_key(session: Session, code: str) -> int:
    known = session.known("rule", "SELECT rule_code, rule_key FROM dim_rule WHERE is_current")
    return _found(known.get(code), f"rule {code!r}")


def period_key(session: Session, code: str) -> int | None:
    return session.known("period", "SELECT period_code, period_key FROM dim_period").get(code)


def province_key(session: Session, province_id: str, period_code: str) -> int | None:
    """The version of a reporting unit at the end of a period, else its latest; None for no unit."""
    if not province_id:
        return None
    at_end = session.known(
        "province_at_end",
        "SELECT province.province_id, period.period_code, province.province_key "
        "FROM dim_province AS province JOIN dim_period AS period ON province.valid_from <= period.ends_on "
        "AND (province.valid_to IS NULL OR period.ends_on < province.valid_to)",
    )
    found = at_end.get((province_id, period_code))
    if found is None:
        latest = session.known(
            "province_latest",
            "SELECT province_id, arg_max(province_key, valid_from) FROM dim_province GROUP BY province_id",
        )
        found = latest.get(province_id)
    return _found(found, f"reporting unit {province_id!r}")


def submission_keys(session: Session) -> dict[str, int]:
    return session.known("submission", "SELECT submission_id, submission_key FROM dim_submission")


def reading_keys(session: Session) -> dict[tuple[str, str, str], int]:
    """From hash of the file, version of the reader and hash of the catalogue to the reading of the whole file."""
    return session.known(
        "reading", "SELECT sha256, reader_version, catalogue_hash, reading_key FROM dim_reading WHERE part IS NULL"
    )


def _found(key: int | None, what: str) -> int:
    if key is None:
        raise WarehouseError(f"{what} is not in the synced catalogue")
    return key
