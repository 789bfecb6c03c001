"""Estimates for machines that came later, and for profiles that changed: without a new upload."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from designs.profiles import Profiles, load
from makerlab.catalog.estimates import refine
from makerlab.catalog.estimating import EstimateRound
from makerlab.catalog.models import Estimate, Part, Revision, Source
from makerlab.core.database import db
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from tests.makerlab.catalog.conftest import Submit, stl


class Lab:
    """The round of a lab whose machines and profiles a test changes."""

    def __init__(self, settings: Settings) -> None:
        self.machines, self.profiles = ["prusa-mk3s"], load()
        self.files = FileStore(settings.files_dir)
        self.round = EstimateRound(
            sessionmaker(db.engine), self.files, lambda: self.profiles, lambda _session: self.machines
        )

    def works_until_done(self) -> int:
        turns = 0
        while self.round():
            turns += 1
        return turns

    def slower(self) -> Profiles:
        mk3s = self.profiles.machine("prusa-mk3s")
        limits = replace(mk3s.limits, speed=replace(mk3s.limits.speed, x=20, y=20))
        return replace(
            self.profiles, machines={**self.profiles.machines, mk3s.key: replace(mk3s, limits=limits)}
        )


@pytest.fixture
def lab(settings: Settings) -> Lab:
    return Lab(settings)


@pytest.fixture
def cube(submit: Submit, session: Session, lab: Lab) -> int:
    """A revision whose mesh is in the store; its id."""
    revision = submit()
    revision.mesh_sha256 = lab.files.put_bytes(stl(20))
    session.commit()
    return revision.id


def estimates_of(session: Session, revision_id: int) -> dict[tuple[str, Source], float]:
    rows = session.scalars(sa.select(Estimate).where(Estimate.revision_id == revision_id))
    found = {(row.machine, row.source): row.time_s for row in rows.all()}
    session.rollback()
    return found


def test_a_printer_of_a_new_model_gets_its_estimates(session: Session, lab: Lab, cube: int) -> None:
    assert lab.works_until_done() == 0
    lab.machines.append("ender-3")
    assert lab.works_until_done() == 1
    found = estimates_of(session, cube)
    assert set(found) == {("prusa-mk3s", Source.MESH), ("ender-3", Source.MESH)}
    assert found["ender-3", Source.MESH] > 0


def test_a_changed_profile_replaces_what_every_source_said(session: Session, lab: Lab, cube: int) -> None:
    assert lab.works_until_done() == 0
    before = estimates_of(session, cube)["prusa-mk3s", Source.MESH]
    made_with = session.scalars(sa.select(Estimate.settings_sha256)).one()
    refine(
        session, session.get_one(Revision, cube), "prusa-mk3s", Source.SLICER, time_s=1, filament_mm=1,
        filament_g=1, cost_cents=1, spread=0.1, made_with=made_with,
    )  # fmt: skip
    session.commit()
    assert lab.works_until_done() == 0
    lab.profiles = lab.slower()
    lab.works_until_done()
    found = estimates_of(session, cube)
    assert set(found) == {("prusa-mk3s", Source.MESH)}
    assert found["prusa-mk3s", Source.MESH] > 1.2 * before


def test_estimates_from_before_count_as_made_with_the_profiles_of_today(
    session: Session, lab: Lab, cube: int
) -> None:
    session.execute(sa.update(Estimate).values(settings_sha256="", time_s=77))
    session.commit()
    lab.works_until_done()
    assert estimates_of(session, cube) == {("prusa-mk3s", Source.MESH): 77}


def test_a_mesh_that_cannot_be_estimated_holds_up_no_other(
    session: Session, lab: Lab, cube: int, submit: Submit
) -> None:
    broken = submit("Kaputt")
    broken.mesh_sha256 = "0" * 64
    session.commit()
    lab.machines.append("ender-3")
    assert lab.works_until_done() == 2
    assert ("ender-3", Source.MESH) in estimates_of(session, cube)
    assert ("ender-3", Source.MESH) not in estimates_of(session, broken.id)


def test_a_further_part_of_a_design_gets_its_estimates_too(session: Session, lab: Lab, cube: int) -> None:
    revision = session.get_one(Revision, cube)
    part = Part(
        revision_id=cube, position=1, name="Deckel", count=2, file_name="d.stl", file_sha256="d" * 64,
        mesh_sha256=lab.files.put_bytes(stl(10)), picture_sha256="d" * 64, preview_sha256="d" * 64,
        process=revision.process, material=revision.material, supports=False, width_mm=10, depth_mm=10,
        height_mm=10, volume_mm3=1000, report={}, estimates={},
    )  # fmt: skip
    session.add(part)
    session.commit()
    lab.machines.append("ender-3")
    assert lab.works_until_done() == 2
    session.expire_all()
    kept = session.get_one(Part, part.id).estimates
    session.rollback()
    assert sorted(kept) == ["ender-3", "prusa-mk3s"]
    assert kept["ender-3"]["time_s"] > 0
    assert lab.works_until_done() == 0
