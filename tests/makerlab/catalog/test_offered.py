"""What may be ordered is said once in Python, for one revision, and once in SQL, for all: they agree."""

from datetime import datetime

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from makerlab.catalog.actions import judge
from makerlab.catalog.models import Design, Review, Revision
from makerlab.catalog.queries import approved, approved_of, approved_one, is_approved, offered
from makerlab.catalog.states import Verdict
from makerlab.catalog.wall.index import index
from tests.makerlab.conftest import NOW, Cast

verdicts = st.lists(st.tuples(st.sampled_from(Verdict), st.sampled_from("ab")), max_size=3)
designs = st.lists(st.tuples(st.booleans(), st.lists(verdicts, max_size=3)), max_size=4)


def add(session: Session, cast: Cast, name: str, archived_at: datetime | None, told: list) -> Design:
    """`told`: for each revision its verdicts, each of the fingerprint a or b; it has a now."""
    design = Design(name=name, created_by_id=cast.boris.id, created_at=NOW, archived_at=archived_at)
    session.add(design)
    for number, reviews in enumerate(told, 1):
        revision = Revision(
            design=design, number=number, file_name="a.stl", file_sha256="a" * 64, mesh_sha256="b" * 64,
            picture_sha256="c" * 64, preview_sha256="d" * 64, process="0.20", material="pla", fingerprint="a",
            width_mm=1, depth_mm=1, height_mm=1, volume_mm3=1, report={}, submitted_by_id=cast.boris.id,
            submitted_at=NOW,
        )  # fmt: skip
        session.add(revision)
        session.flush()
        for verdict, fingerprint in reviews:
            session.add(
                Review(
                    revision_id=revision.id, reviewer_id=cast.carla.id, verdict=verdict, at=NOW,
                    fingerprint=fingerprint,
                )
            )  # fmt: skip
            session.flush()
    return design


@given(designs)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_say_the_same_of_every_design(session: Session, cast: Cast, told: list) -> None:
    session.commit()
    for number, (archived, revisions) in enumerate(told):
        add(session, cast, f"Objekt {number % 2}", NOW if archived else None, revisions)
    session.expire_all()
    there = session.scalars(sa.select(Design).order_by(Design.name)).unique().all()
    newest = {one.id: next((r for r in reversed(one.revisions) if is_approved(r)), None) for one in there}
    expected = {one.id: newest[one.id].id for one in there if newest[one.id] and not one.archived_at}
    assert {one.design_id: one.revision_id for one in offered(session)} == expected
    assert [one.name for one in offered(session)] == sorted(one.name for one in offered(session))
    assert [one.id for one in approved(session)] == [one.revision_id for one in offered(session)]
    for design in there:
        assert approved_of(session, design.id) is newest[design.id]
        for revision in design.revisions:
            assert (approved_one(session, revision.id) is not None) == (revision.id in expected.values())
    session.rollback()


def test_the_list_in_memory_is_read_anew_when_a_verdict_falls_or_an_object_is_put_away(
    app: Flask, session: Session, cast: Cast
) -> None:
    vase = add(session, cast, "Vase", None, [[]])
    session.commit()
    assert index().offered(session) == []
    assert index().offered(session) is index().offered(session)
    judge(
        session,
        vase.revisions[0],
        reviewer=cast.carla,
        verdict=Verdict.APPROVED,
        seen_fingerprint="a",
        now=NOW,
    )
    session.commit()
    assert [one.name for one in index().offered(session)] == ["Vase"]
    vase.archived_at = NOW
    session.commit()
    assert index().offered(session) == []
