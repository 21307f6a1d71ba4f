"""DBOS as this room imports it: the driver of PostgreSQL is loaded where the jobs are there, not for SQLite."""

from processor.late_imports import put_off

with put_off("psycopg", "psycopg.errors"):
    from dbos import DBOS, DBOSConfig, SetWorkflowID
    from dbos import error as dbos_error

__all__ = ["DBOS", "DBOSConfig", "SetWorkflowID", "dbos_error"]
