"""What it looks like when the database is away, for a while or for writing: one kind of error, whoever tells it."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# The database is away, locked, full, only reads, or has no connection left.
UNAVAILABLE = (OperationalError, PoolTimeout)
# States of PostgreSQL that its driver tells as other errors. SQLite's driver tells all of them as operational.
_TOLD_OTHERWISE = frozenset(
    {
        "25006",  # it only reads: a copy, or a server that others are moving away from
        "25P03",  # it has ended a transaction that was idle
        "42P01",  # a table is not there: it is being put back, or was never made
    }
)


@event.listens_for(Engine, "handle_error")
def _tell_as_operational(context: ExceptionContext) -> None:
    told: Any = context.sqlalchemy_exception
    if not isinstance(told, DBAPIError) or isinstance(told, OperationalError):
        return
    if getattr(context.original_exception, "sqlstate", None) in _TOLD_OTHERWISE:
        raise OperationalError(
            told.statement, told.params, context.original_exception, told.hide_parameters, told.connection_invalidated
        ) from context.original_exception


__all__ = ["UNAVAILABLE"]
