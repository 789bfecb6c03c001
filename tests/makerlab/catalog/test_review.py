"""Reviews: bound to file and settings, never by oneself, never on a stale page."""

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from designs import profiles
from designs.profiles import load
from makerlab.catalog.actions import judge, submit_revision
from makerlab.catalog.intake import TakenIn
from makerlab.catalog.models import Part, Review, Revision
from makerlab.catalog.queries import is_approved, state_of
from makerlab.catalog.renewing import renew_fingerprints
from makerlab.catalog.review_words import POINTS
from makerlab.catalog.states import RevisionState, Verdict
from makerlab.core.errors import Conflict, Forbidden
from tests.makerlab.catalog.conftest import Submit
from tests.makerlab.conftest import Cast, SignIn

PROFILES = Path(profiles.__file__).parent
ALL_SEEN = {point.code: "1" for point in POINTS}


def approve(session: Session, revision: Revision, cast: Cast, now: datetime) -> None:
    judge(
        session, revision, reviewer=cast.carla, verdict=Verdict.APPROVED,
        seen_fingerprint=revision.fingerprint, now=now,
    )  # fmt: skip
    session.commit()


def again(session: Session, revision: Revision) -> Revision:
    """The row as it is after a request, which ends the session it came from."""
    return session.get_one(Revision, revision.id, populate_existing=True)


def form(revision: Revision, **more: str) -> dict[str, str]:
    return {"fingerprint": revision.fingerprint, "seen": str(len(revision.reviews)), **more}


def test_an_instructor_approves_what_another_submitted(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    data = form(revision, verdict="approved", **ALL_SEEN)
    assert sign_in(cast.boris).post(f"/pruefen/{revision.id}", data=data).status_code == 303
    assert is_approved(again(session, revision))
    assert "Alles geprüft" in sign_in(cast.boris).get("/pruefen").text


def test_nothing_is_approved_before_all_was_looked_at(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    data = form(revision, verdict="approved", walls="1")
    assert sign_in(cast.boris).post(f"/pruefen/{revision.id}", data=data).status_code == 422
    assert not is_approved(again(session, revision))


def test_own_work_is_not_approved_and_the_page_says_why(cast: Cast, sign_in: SignIn, submit: Submit) -> None:
    revision = submit(by=cast.boris)
    client = sign_in(cast.boris)
    assert "Jemand anders muss es prüfen" in client.get(f"/pruefen/{revision.id}").text
    data = form(revision, verdict="approved", **ALL_SEEN)
    assert client.post(f"/pruefen/{revision.id}", data=data).status_code == 403


def test_what_goes_back_needs_reason_and_next_step_and_reaches_its_submitter(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    path = f"/pruefen/{revision.id}"
    client = sign_in(cast.boris)
    assert client.post(path, data=form(revision, verdict="returned", reason="Zu dünn.")).status_code == 422
    data = form(revision, verdict="returned", reason="Zu dünn.", next_step="Wand auf 1 mm.")
    assert client.post(path, data=data).status_code == 303
    assert state_of(again(session, revision)) is RevisionState.RETURNED
    for page in ("/katalog", f"/katalog/{revision.design_id}"):
        text = sign_in(cast.fatma).get(page).text
        assert "Zu dünn." in text
        assert "Wand auf 1 mm." in text
    assert "Wand auf 1 mm." not in sign_in(cast.dilek).get("/katalog").text


def test_a_coded_reason_needs_no_words_and_is_read_in_the_readers_language(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    sent = form(revision, verdict="returned", grund="walls_thin", supports="1", **{"note-walls": "am Rand"})
    assert sign_in(cast.boris).post(f"/pruefen/{revision.id}", data=sent).status_code == 303
    review = again(session, revision).reviews[-1]
    found = {point.point: (point.good, point.note) for point in review.points}
    assert (review.reasons, review.reason) == (["walls_thin"], "")
    assert found == {"supports": (True, ""), "walls": (False, "am Rand")}
    client = sign_in(cast.fatma)
    assert "Machen Sie die Wände wenigstens 0,9 mm dick." in client.get("/katalog").text
    client.post("/language", data={"language": "en", "next": "/"})
    text = client.get(f"/katalog/{revision.design_id}").text
    assert "0.9 mm" in text
    assert "Machen Sie die Wände" not in text


def test_a_point_that_is_not_good_is_never_approved(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    sent = form(revision, verdict="approved", **(ALL_SEEN | {"edges": "0"}))
    answer = sign_in(cast.boris).post(f"/pruefen/{revision.id}", data=sent)
    assert answer.status_code == 422
    assert "An einem Punkt steht „Nein“." in answer.text
    assert not again(session, revision).reviews


def test_a_sample_piece_keeps_its_photo_without_what_the_camera_wrote_into_it(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision, taken = submit(), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Wohnung von Amira"
    Image.new("RGB", (640, 480), "#884422").save(taken, "JPEG", exif=exif)
    sent = form(revision, verdict="approved", **ALL_SEEN)
    files = {"sample": (io.BytesIO(taken.getvalue()), "probe.jpg")}
    assert sign_in(cast.boris).post(f"/pruefen/{revision.id}", data=sent | files).status_code == 303
    sha256 = again(session, revision).reviews[-1].sample_sha256
    answer = sign_in(cast.fatma).get(f"/pruefen/probe/{sha256}")
    assert answer.content_type == "image/jpeg"
    assert answer.cache_control.private
    assert not answer.cache_control.public
    assert b"Amira" not in answer.data
    assert sign_in(cast.amira).get(f"/pruefen/probe/{sha256}").status_code == 403


def test_what_is_no_photo_is_refused_and_nothing_is_judged(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    sent: dict[str, object] = {**form(revision, verdict="approved", **ALL_SEEN)}
    sent["sample"] = (io.BytesIO(b"<svg onload=alert(1)>"), "probe.jpg")
    answer = sign_in(cast.boris).post(f"/pruefen/{revision.id}", data=sent)
    assert answer.status_code == 422
    assert "Das ist kein Foto." in answer.text
    assert not again(session, revision).reviews


def test_a_stale_review_page_is_a_conflict(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit
) -> None:
    revision = submit()
    old = form(revision, verdict="approved", **ALL_SEEN)
    path = f"/pruefen/{revision.id}"
    assert sign_in(cast.boris).post(path, data=old).status_code == 303
    assert sign_in(cast.carla).post(path, data=old).status_code == 409
    assert sign_in(cast.carla).post(path, data={**old, "fingerprint": "0" * 64}).status_code == 409
    assert len(again(session, revision).reviews) == 1


def test_an_older_revision_is_judged_no_more(
    session: Session, cast: Cast, now: datetime, submit: Submit, taken_once: TakenIn
) -> None:
    revision = submit()
    newer = replace(taken_once, fingerprint="2" * 64)
    submit_revision(session, revision.design, newer, by=cast.fatma, now=now)
    with pytest.raises(Conflict):
        approve(session, revision, cast, now)


def test_another_file_or_other_settings_are_not_approved_by_an_old_verdict(
    session: Session, cast: Cast, now: datetime, submit: Submit, taken_once: TakenIn
) -> None:
    revision = submit()
    approve(session, revision, cast, now)
    again = submit_revision(
        session, revision.design, replace(taken_once, fingerprint="2" * 64), by=cast.fatma, now=now
    )
    assert is_approved(revision)
    assert state_of(again) is RevisionState.WAITING


def test_an_approval_is_void_when_the_lab_changes_the_profile(
    session: Session, cast: Cast, now: datetime, submit: Submit, tmp_path: Path
) -> None:
    revision = submit()
    approve(session, revision, cast, now)
    assert renew_fingerprints(session, load(None), now=now) == 0
    assert is_approved(revision)
    own = tmp_path / "profiles" / "processes"
    own.mkdir(parents=True)
    bundled = PROFILES / "processes" / "0.20.toml"
    (own / "0.20.toml").write_text(bundled.read_text().replace("walls = ", "walls = 1", 1))
    assert renew_fingerprints(session, load(tmp_path / "profiles"), now=now) == 1
    assert state_of(revision) is RevisionState.WAITING


def test_nobody_judges_their_own_through_the_verb(
    session: Session, cast: Cast, now: datetime, submit: Submit
) -> None:
    revision = submit(by=cast.carla)
    with pytest.raises(Forbidden):
        approve(session, revision, cast, now)
    assert session.scalar(sa.select(sa.func.count()).select_from(Review)) == 0


def test_an_approval_of_several_parts_holds_as_long_as_the_settings_of_each(
    session: Session, cast: Cast, now: datetime, submit: Submit
) -> None:
    revision, known = submit(), load(None)
    revision.part_count = 2
    session.add(
        Part(
            revision_id=revision.id, position=1, name="Deckel", count=3, file_name="d.stl",
            file_sha256="d" * 64, mesh_sha256="d" * 64, picture_sha256="d" * 64, preview_sha256="d" * 64,
            process="0.28", material="petg", supports=True, width_mm=1, depth_mm=1, height_mm=1,
            volume_mm3=1, report={}, estimates={},
        )
    )  # fmt: skip
    session.flush()
    assert renew_fingerprints(session, known, now=now) == 1  # the parts stand in it now
    approve(session, revision, cast, now)
    assert renew_fingerprints(session, known, now=now) == 0
    assert is_approved(again(session, revision))
    warmer = replace(known.materials["petg"], nozzle_c=251)
    changed = replace(known, materials={**known.materials, "petg": warmer})
    assert renew_fingerprints(session, changed, now=now) == 1
    assert not is_approved(again(session, revision))
