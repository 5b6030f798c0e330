"""Logs patrols one after the other and says each reference once it is committed; run as a program and killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from registry.db.engine import begin_write, open_engine
from registry.domain.activities import Kind, ParticipationRole
from registry.domain.clock import FixedClock
from registry.domain.command_parts import ParticipationIn
from registry.domain.commands import LogActivity
from registry.domain.periods import Period
from registry.domain.permissions import SYSTEM
from registry.services import log_activity

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def patrol(number: int) -> LogActivity:
    """The patrol of one night."""
    starts_at = NOW - timedelta(days=300) + timedelta(hours=number)
    return LogActivity(
        kind=Kind.JOINT_PATROL,
        project="DURABLE",
        organisation="AA",
        client_uuid=str(uuid4()),
        title=f"Patrol {number}",
        period=Period(starts_at=starts_at, ends_at=starts_at + timedelta(hours=5)),
        participations=(
            ParticipationIn(organisation="AA", role=ParticipationRole.HOST, officers=2),
            ParticipationIn(organisation="BB", role=ParticipationRole.SECONDING, officers=2),
        ),
    )


def main(url: str, patrols: int) -> None:
    """Log and acknowledge."""
    engine = open_engine(url)
    for number in range(patrols):
        with Session(engine) as session:
            begin_write(session)
            logged = log_activity.log(session, patrol(number), actor=SYSTEM, clock=FixedClock(NOW))
            session.commit()
        sys.stdout.write(f"{logged.reference}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
