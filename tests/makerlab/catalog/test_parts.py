"""Designs of several parts: a change is a new revision, estimates are sums, orders wait until planned."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import load
from makerlab.catalog.actions import judge, submit_design
from makerlab.catalog.costing import SUMS, costs
from makerlab.catalog.intake import TakenIn
from makerlab.catalog.models import Design, Estimate, Part, Revision, Source
from makerlab.catalog.parts.dividing import recount
from makerlab.catalog.parts.rules import told_apart, whole_fingerprint
from makerlab.catalog.queries import approved
from makerlab.catalog.renewing import renew_fingerprints
from makerlab.catalog.states import Verdict
from makerlab.catalog.wall.entries import time_of
from makerlab.core.database import SessionFactory
from makerlab.core.errors import Conflict
from makerlab.people.models import Account
from tests.makerlab.catalog.conftest import Submit, stl
from tests.makerlab.conftest import NOW, Cast, SignIn

AddPart = Callable[..., int]


@pytest.fixture
def add_part(cast: Cast, sign_in: SignIn) -> AddPart:
    """Fatma adds a clip of 10 mm; the status of the answer."""
    client = sign_in(cast.fatma)

    def add(design_id: int, seen: int = 1, **more: str) -> int:
        sent = {
            "name": "Clip", "count": "3", "process_key": "0.20", "material_key": "petg", "note": "",
            "seen": str(seen), "file": (io.BytesIO(stl(10)), "clip.stl"), **more,
        }  # fmt: skip
        return client.post(f"/katalog/{design_id}/teile", data=sent).status_code

    return add


def newest(session: Session) -> Revision:
    session.expire_all()
    return session.scalars(sa.select(Revision).order_by(Revision.id.desc()).limit(1)).one()


def test_a_part_makes_a_new_revision_and_its_figures_are_added(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, add_part: AddPart
) -> None:
    first = submit("Lampe")
    alone = costs(first, load(None))[0].estimate
    assert add_part(first.design_id) == 303
    lamp = newest(session)
    assert (lamp.number, lamp.mesh_sha256, lamp.parts[0].count) == (2, first.mesh_sha256, 3)
    part, whole = lamp.parts[0].estimates["prusa-mk3s"], costs(lamp, load(None))[0].estimate
    assert whole.time_s == pytest.approx(alone.time_s + 3 * part["time_s"])
    assert whole.filament_g == pytest.approx(alone.filament_g + 3 * part["filament_g"])
    page = sign_in(cast.boris).get(f"/katalog/{first.design_id}").text
    assert "Clip" in page
    assert "3 × Clip" in page  # what changed


def estimated(machine: str, minutes: float) -> Estimate:
    figures = dict.fromkeys(("time_s", "time_low_s", "time_high_s"), 60 * minutes)
    return Estimate(machine=machine, source=Source.MESH, filament_mm=1, filament_g=1, cost_cents=1, **figures)


def test_the_quickest_machine_is_that_of_the_whole_piece_and_knows_all_its_parts() -> None:
    rows = [estimated("ender-3", 10), estimated("prusa-mk3s", 11), estimated("prusa-mk4", 1)]
    times = {"ender-3": 1800.0, "prusa-mk3s": 60.0}
    clip = Part(
        count=2, estimates={machine: dict.fromkeys(SUMS, time_s) for machine, time_s in times.items()}
    )
    lamp = Revision(part_count=1, estimates=rows, parts=[clip])
    assert [cost.estimate.time_s for cost in costs(lamp, load(None))] == [780, 4200]
    assert time_of(rows, 1, [clip]) == 780


def test_counts_change_and_zero_takes_a_part_out(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, add_part: AddPart
) -> None:
    design_id = submit("Lampe").design_id
    path = f"/katalog/{design_id}/teile/anzahl"
    add_part(design_id)
    client = sign_in(cast.boris)
    same = {"seen": "2", "part_name": "", "count-0": "1", "count-1": "3"}
    assert client.post(path, data=same).status_code == 422
    assert client.post(path, data={**same, "count-0": "101"}).status_code == 422
    assert client.post(path, data={**same, "part_name": "Schirm", "count-1": "2"}).status_code == 303
    assert (newest(session).part_name, newest(session).parts[0].count) == ("Schirm", 2)
    assert client.post(path, data={**same, "seen": "2"}).status_code == 409
    assert client.post(path, data={**same, "seen": "3", "count-1": "0"}).status_code == 303
    assert newest(session).parts == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Part)) == 2  # old revisions keep theirs


def test_of_changes_at_once_one_is_made_and_the_others_are_told(
    factory: SessionFactory, taken_once: TakenIn
) -> None:
    start = Barrier(8)
    with factory.begin() as session:
        by = Account(number="100001", name="Dilek", fs_uniquifier="d", created_at=NOW)
        session.add(by)
        session.flush()
        by_id, design_id = by.id, submit_design(session, taken_once, name="Lampe", by=by, now=NOW).design_id

    def change(count: int) -> str:
        start.wait()
        try:
            with factory.begin() as session:
                recount(
                    session, session.get_one(Design, design_id), name="", counts={0: count}, seen=1,
                    by=session.get_one(Account, by_id), profiles=load(None), now=NOW,
                )  # fmt: skip
        except Conflict:
            return "told"
        return "made"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(change, range(2, 10))) == ["made", *["told"] * 7]


def test_an_approval_is_bound_to_all_parts(
    session: Session, cast: Cast, submit: Submit, add_part: AddPart
) -> None:
    add_part(submit("Lampe").design_id)
    lamp = newest(session)
    judge(
        session,
        lamp,
        reviewer=cast.boris,
        verdict=Verdict.APPROVED,
        seen_fingerprint=lamp.fingerprint,
        now=NOW,
    )
    assert renew_fingerprints(session, load(None), now=NOW) == 0
    assert approved(session) == [lamp]
    lamp.parts[0].count = 9
    assert renew_fingerprints(session, load(None), now=NOW) == 1
    session.expire_all()
    assert approved(session) == []


def test_two_parts_have_two_names_as_they_lie_in_the_stock_under_them(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, add_part: AddPart
) -> None:
    design_id = submit("Lampe").design_id
    assert add_part(design_id) == 303
    assert add_part(design_id, seen=2, name="CLIP") == 409
    same = {"seen": "2", "part_name": "clip", "count-0": "1", "count-1": "3"}
    assert sign_in(cast.fatma).post(f"/katalog/{design_id}/teile/anzahl", data=same).status_code == 409
    assert told_apart(["", "Fuß", "fuß", "Fuß", "x" * 60, "x" * 60]) == [
        "", "Fuß", "fuß 2", "Fuß 3", "x" * 60, "x" * 56 + " 2",
    ]  # fmt: skip


def test_fingerprints_tell_parts_and_counts_apart() -> None:
    one = [
        whole_fingerprint("a", 1, []),
        whole_fingerprint("a", 2, []),
        whole_fingerprint("a", 1, [("b", 1)]),
    ]
    two = [whole_fingerprint("a", 1, [("b", 2)]), whole_fingerprint("b", 1, [("a", 1)])]
    assert one[0] == "a"
    assert len({*one, *two}) == 5
