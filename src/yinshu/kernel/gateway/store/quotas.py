"""Quotas in the database, one row for a holder."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from yinshu.kernel.base.ids import new_id
from yinshu.kernel.gateway.records import HolderKind, Quota
from yinshu.kernel.gateway.tables import quotas


def list_quotas(connection: Connection) -> list[Quota]:
    """Every quota, by holder."""
    query = select(quotas).order_by(quotas.c.holder_kind, quotas.c.holder_id)
    return [
        Quota(row.holder_kind, row.holder_id, row.tokens_per_day, row.requests_per_minute, row.streams_max)
        for row in connection.execute(query)
    ]


def save_quota(connection: Connection, quota: Quota) -> None:
    """Set the quota of a holder, replacing the one before."""
    delete_quota(connection, quota.holder_kind, quota.holder_id)
    connection.execute(
        insert(quotas).values(
            id=new_id("quo"),
            holder_kind=quota.holder_kind,
            holder_id=quota.holder_id,
            tokens_per_day=quota.tokens_per_day,
            requests_per_minute=quota.requests_per_minute,
            streams_max=quota.streams_max,
        )
    )


def delete_quota(connection: Connection, holder_kind: HolderKind, holder_id: str) -> bool:
    """Remove the quota of a holder; whether there was one."""
    where = (quotas.c.holder_kind == holder_kind, quotas.c.holder_id == holder_id)
    return connection.execute(delete(quotas).where(*where)).rowcount > 0
