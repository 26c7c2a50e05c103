"""The star schema, its loading, its views and the published copy: all SQL of the project."""

from warehouse.assessments import Assessment, AssessmentEntry, StoredAssessment
from warehouse.known import known_rows
from warehouse.marts import published_marts
from warehouse.operation import file_run_changes, file_runs
from warehouse.published import query
from warehouse.session import WarehouseBusyError, WarehouseDamagedError, WarehouseError, WarehouseUnusableError
from warehouse.store import Warehouse

__all__ = [
    "Assessment",
    "AssessmentEntry",
    "StoredAssessment",
    "Warehouse",
    "WarehouseBusyError",
    "WarehouseDamagedError",
    "WarehouseError",
    "WarehouseUnusableError",
    "file_run_changes",
    "file_runs",
    "known_rows",
    "published_marts",
    "query",
]
