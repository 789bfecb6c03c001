"""Designs go from one lab to another in a ZIP, and out as lists."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.profiles import load
from makerlab.catalog.around.gathering import add_collection, put_in
from makerlab.catalog.around.making import add_step
from makerlab.catalog.around.photographing import add_photo
from makerlab.catalog.arranging import add_partner
from makerlab.catalog.exchange.importing import ImportRound
from makerlab.catalog.exchange.manifest import Manifest
from makerlab.catalog.exchange.models import ImportJob, ImportState
from makerlab.catalog.exchange.receiving import receive
from makerlab.catalog.exchange.rules import Fate, Here, outcomes
from makerlab.catalog.intake import take_in
from makerlab.catalog.models import Collection, Design, MakingKind, Part, Partner, Photo, Revision
from makerlab.catalog.parts.dividing import add_part
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.queries import approved, state_of
from makerlab.catalog.states import RevisionState
from makerlab.catalog.submitting import submit_design
from makerlab.core.database import db, make_engine, make_session_factory
from makerlab.core.files import FileStore
from makerlab.core.photos import take_photo
from makerlab.core.settings import Settings
from tests.makerlab.catalog.around.test_around import jpeg
from tests.makerlab.catalog.conftest import Submit, stl
from tests.makerlab.catalog.exchanged import CUBE, FILES, SOUND, design_of, entry_of, manifest, packed, sha_of
from tests.makerlab.catalog.wall.test_page import queries_of
from tests.makerlab.conftest import NOW, Cast, SignIn

LAMP = {"name": "Lampe", "story": "Aus Aachen.\nMit Clip.", "tags": ["Licht"], "licence": "CC-BY-SA-4.0"}


@dataclass
class Source:
    """A lamp of two revisions and two parts, with all that a design may have, as Fatma made it."""

    zip: bytes
    manifest: dict[str, Any]


@pytest.fixture
def source(session: Session, cast: Cast, sign_in: SignIn, settings: Settings) -> Source:
    by, profiles = cast.fatma, load(None)
    shade = take_in(io.BytesIO(stl(20)), "schirm.stl", PrintSettings(), settings=settings)
    clip = take_in(io.BytesIO(stl(10)), "clip.stl", PrintSettings(material="petg"), settings=settings)
    photo = take_photo(jpeg("red"), settings).sha256
    partner = add_partner(session, name="Studio Öcher", by_id=by.id, now=NOW)
    first = submit_design(session, shade, **LAMP, partner=partner, note="Langsam.", by=by, now=NOW)  # type: ignore[arg-type]
    design = first.design
    add_part(session, design, clip, name="Clip", count=3, seen=1, by=by, profiles=profiles, now=NOW)
    add_photo(session, design, photo, alt="Auf dem Tisch", by_id=by.id, now=NOW)
    add_step(session, design, kind=MakingKind.ASSEMBLY, text="Clip einsetzen", minutes=4, sha256=photo)
    design.needs = ["Gehäuse"]
    put_in(session, add_collection(session, name="Winter", story="Kalt.", by_id=by.id, now=NOW), [design.id])
    session.commit()
    answer = sign_in(cast.guel).get("/katalog/austausch.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return Source(answer.data, json.loads(archive.read("manifest.json")))


def forget_all(session: Session) -> None:
    """The other lab: the same people, and nothing in the catalogue."""
    tables = (
        "collection_place",
        "collection",
        "making",
        "photo",
        "part",
        "estimate",
        "revision",
        "design",
        "partner",
    )
    for table in tables:
        session.execute(sa.delete(sa.table(table)))
    session.commit()
    session.expire_all()


Import = Callable[..., ImportJob]


@pytest.fixture
def bring(session: Session, cast: Cast, sign_in: SignIn, settings: Settings) -> Iterator[Import]:
    """Boris uploads a ZIP, looks, says yes, and the worker does it."""
    engine = make_engine(settings)
    client = sign_in(cast.boris)

    def bring(data: bytes) -> ImportJob:
        sent = client.post("/katalog/austausch", data={"file": (io.BytesIO(data), "katalog.zip")})
        assert sent.status_code == 303, sent.text
        assert client.get(sent.location).status_code == 200
        assert client.post(sent.location).status_code == 303
        assert 'hx-trigger="every 2s"' in client.get(sent.location).text
        assert worker(engine, settings)()
        session.expire_all()
        assert client.get(sent.location).status_code == 200
        assert f'href="{sent.location}"' in client.get("/katalog/austausch").text
        return session.scalars(sa.select(ImportJob).order_by(ImportJob.id.desc())).first()  # type: ignore[return-value]

    yield bring
    engine.dispose()


def worker(engine: sa.Engine, settings: Settings) -> ImportRound:
    db.session.commit()
    profiles = load(None)
    return ImportRound(
        make_session_factory(engine), settings, lambda: profiles, lambda _session: ["prusa-mk3s"], lambda: NOW
    )


def test_a_design_arrives_in_another_lab_with_all_that_belongs_to_it(
    session: Session, cast: Cast, source: Source, bring: Import, settings: Settings
) -> None:
    before = {file["sha256"] for one in source.manifest["designs"][0]["revisions"] for file in one["files"]}
    forget_all(session)
    job = bring(source.zip)
    assert (job.state, job.problem, job.designs, job.done) == (ImportState.DONE, "", 1, job.total)
    lamp = session.scalars(sa.select(Design)).unique().one()
    assert (lamp.name, lamp.story, lamp.tags, lamp.licence) == tuple(LAMP.values())
    assert (lamp.partner.name if lamp.partner else "", lamp.needs) == ("Studio Öcher", ["Gehäuse"])
    first, second = lamp.revisions
    assert (first.note, first.parts, second.submitted_by_id) == ("Langsam.", [], cast.boris.id)
    clip = second.parts[0]
    assert (clip.name, clip.count, clip.material) == ("Clip", 3, "petg")
    assert {first.file_sha256, second.file_sha256, clip.file_sha256} == before
    assert first.estimates
    assert clip.estimates
    assert (lamp.photos[0].alt, lamp.photos[0].sha256 in FileStore(settings.files_dir)) == (
        "Auf dem Tisch",
        True,
    )
    step = lamp.making[0]
    assert (step.kind, step.text, step.minutes, bool(step.sha256)) == ("assembly", "Clip einsetzen", 4, True)
    winter = session.scalars(sa.select(Collection)).one()
    assert (winter.name, winter.story, winter.places[0].design_id) == ("Winter", "Kalt.", lamp.id)


def test_an_approval_stays_at_home_and_the_fingerprint_is_that_of_an_upload(
    session: Session, source: Source, bring: Import
) -> None:
    fingerprints = session.scalars(sa.select(Revision.fingerprint).order_by(Revision.number)).all()
    forget_all(session)
    bring(source.zip)
    lamp = session.scalars(sa.select(Design)).unique().one()
    assert [one.fingerprint for one in lamp.revisions] == fingerprints
    assert state_of(lamp.revisions[-1]) is RevisionState.WAITING
    assert approved(session) == []


def test_nothing_personal_is_in_the_zip(cast: Cast, source: Source) -> None:
    with zipfile.ZipFile(io.BytesIO(source.zip)) as archive:
        text = archive.read("manifest.json").decode()
    for account in vars(cast).values():
        assert account.name not in text
    for word in ("account", "submitted", "_id", "estimate", "review"):
        assert word not in text
    assert "Studio Öcher" in text  # the attribution


def test_what_is_there_already_is_left_out(
    session: Session, source: Source, cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(cast.boris)
    sent = client.post("/katalog/austausch", data={"file": (io.BytesIO(source.zip), "katalog.zip")})
    assert "Schon da" in client.get(sent.location).text
    assert client.post(sent.location).status_code == 409
    assert session.scalar(sa.select(sa.func.count()).select_from(Design)) == 1


def test_an_import_that_fails_in_the_middle_changes_nothing(
    session: Session, source: Source, bring: Import
) -> None:
    """A second design whose mesh cannot be printed: the first one does not come either."""
    flat = stl(20, 20, 0)
    told = {**source.manifest, "designs": [*source.manifest["designs"], design_of("Platte", flat)]}
    forget_all(session)
    job = bring(packed(told, source.zip, {entry_of(flat): flat}))
    assert job.state is ImportState.FAILED
    assert job.problem.count(". ") <= 2
    for kind in (Design, Partner, Photo, Part, Collection):
        assert session.scalar(sa.select(sa.func.count()).select_from(kind)) == 0


def test_an_import_that_a_worker_left_begins_again(
    session: Session, source: Source, bring: Import, settings: Settings
) -> None:
    forget_all(session)
    sha256 = receive(io.BytesIO(source.zip), settings).sha256
    by_id = session.scalars(sa.select(sa.func.min(sa.column("id"))).select_from(sa.table("account"))).one()
    job = ImportJob(
        sha256=sha256, file_name="a.zip", by_id=by_id, created_at=NOW, state=ImportState.RUNNING, done=1
    )
    session.add(job)
    session.commit()
    engine = make_engine(settings)
    assert worker(engine, settings)()
    assert not worker(engine, settings)()
    engine.dispose()
    session.refresh(job)
    assert (job.state, job.designs) == (ImportState.DONE, 1)


def fates(*designs: dict[str, Any], **here: Any) -> list[Fate]:
    nothing: dict[str, Any] = dict.fromkeys(("pieces", "names", "partners", "collections"), frozenset())
    known = {"processes": frozenset({"0.20"}), "materials": frozenset({"pla"})}
    told = Manifest.model_validate(manifest(*designs))
    return [one.fate for one in outcomes(told, Here(**{**nothing, **known, **here}))]


def test_each_design_is_judged_by_its_files_its_name_and_its_profiles() -> None:
    cube = design_of("Würfel", CUBE)
    assert fates(cube) == [Fate.NEW]
    assert fates(cube, names=frozenset({"würfel"})) == [Fate.NAMESAKE]
    assert fates(cube, pieces=frozenset({frozenset({(sha_of(CUBE), 1)})})) == [Fate.THERE]
    assert fates(cube, materials=frozenset()) == [Fate.REFUSED]
    assert fates(cube, cube) == [Fate.NEW, Fate.THERE]


def test_an_unknown_profile_is_named_and_nothing_is_imported(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    strange = json.dumps(SOUND).replace('"pla"', '"pla-of-elsewhere"')
    client = sign_in(cast.fatma)
    data = {"file": (io.BytesIO(packed(strange, more=FILES)), "a.zip")}
    path = client.post("/katalog/austausch", data=data).location
    page = client.get(path).text
    assert "pla-of-elsewhere" in page
    assert "importieren</span>" not in page
    assert client.post(path).status_code == 409
    assert session.scalars(sa.select(ImportJob.state)).one() is ImportState.READ


def test_chosen_designs_and_a_collection_leave_alone(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, settings: Settings
) -> None:
    ids, client = [submit(name).design_id for name in ("A", "B", "C")], sign_in(cast.fatma)
    sent = client.post("/katalog/auswahl", data={"design": ids[1:], "was": "export"})
    assert client.get(sent.location).status_code == 404  # the file is not in this store yet
    FileStore(settings.files_dir).put_bytes(CUBE)
    assert names_in(client.get(sent.location).data) == ["B", "C"]
    row = add_collection(session, name="Linie", story="", by_id=cast.fatma.id, now=NOW)
    put_in(session, row, [ids[2], ids[0]])
    session.commit()
    assert names_in(client.get(f"/katalog/austausch.zip?sammlung={row.id}").data) == ["C", "A"]
    assert client.get("/katalog/austausch.zip?sammlung=99").status_code == 404
    assert client.get(f"/katalog/austausch.zip?design={10**20}&sammlung={10**20}").status_code == 200


def names_in(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [one["name"] for one in json.loads(archive.read("manifest.json"))["designs"]]


def test_the_list_of_designs_opens_in_a_spreadsheet(source: Source, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.dilek)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/katalog/liste.xlsx").data)).active
    assert sheet is not None
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    said = dict(zip(head, row, strict=True))
    assert (said["Objekt"], said["Partner"], said["Schlagwörter"]) == (
        "Lampe",
        "Studio Öcher",
        "Licht",
    )
    assert (said["Fassungen"], said["Stand"], said["Breite (mm)"]) == (2, "Wartet auf Prüfung", 20)
    assert said["Minuten"] > 0
    assert said["Gramm"] > 0
    assert "Lampe;Studio Öcher" in client.get("/katalog/liste.csv").data.decode("utf-8-sig")


def test_a_preview_asks_as_often_for_one_design_as_for_forty(
    session: Session, cast: Cast, sign_in: SignIn, submit: Submit, settings: Settings
) -> None:
    submit()
    asked = []
    for many in (1, 40):
        told = manifest(*(design_of(f"Würfel {number}", CUBE) for number in range(many)))
        sha256 = receive(io.BytesIO(packed(told, more=FILES)), settings).sha256
        job = ImportJob(sha256=sha256, file_name="a.zip", by_id=cast.boris.id, created_at=NOW)
        session.add(job)
        session.commit()
        asked.append(queries_of(sign_in(cast.boris), f"/katalog/austausch/{job.id}"))
    assert asked[0] == asked[1] > 0
