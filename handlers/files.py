"""Files that people send: who sent how many, and the row under which the store keeps one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.message import Refused, Upload
from models.outbox import Attachment

WINDOW = timedelta(hours=1)


def record_file(
    session: Session, upload: Upload, digest: str, account_id: str, most_per_hour: int, now: datetime
) -> Upload:
    """Write the row of a stored file; raises Refused when the account sent its hour's share already."""
    recent = select(func.count()).where(Attachment.account_id == account_id, Attachment.at > now - WINDOW)
    if (session.execute(recent).scalar() or 0) >= most_per_hour:
        raise Refused("file.too_many", most=most_per_hour)
    session.add(
        Attachment(
            id=upload.id,
            account_id=account_id,
            name=upload.name,
            kind=upload.kind,
            size=upload.size,
            digest=digest,
            at=now,
        )
    )
    return upload
