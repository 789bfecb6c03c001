"""Agreements: what they cover, what is used of them, their papers; and licences that allow no sale."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from makerlab.catalog.agreed import agreement_allows, ending, licence_allows, register_made, uncovered
from makerlab.catalog.arranging import add_agreement, add_partner, set_licence, set_rate
from makerlab.catalog.models import Agreement, AgreementDocument, Contact, Design, Partner, Revision
from makerlab.catalog.rules import Terms, beyond, forbids_sale, runs_out, share_of
from makerlab.core.audit import AuditLine
from makerlab.core.errors import Conflict, Invalid
from tests.makerlab.catalog.conftest import Submit
from tests.makerlab.conftest import NOW, Cast, SignIn

TODAY = NOW.date()
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def terms(pieces: int | None = 10, made: int = 0, **more: object) -> Terms:
    values = {"starts_on": TODAY - timedelta(10), "ends_on": TODAY + timedelta(300), **more}
    return Terms(pieces, made=made, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "pieces", "why"),
    [
        ([], 1, "no_agreement"),
        ([terms()], 10, ""),
        ([terms(made=8)], 2, ""),
        ([terms(made=8)], 3, "run_used_up"),
        ([terms(made=8), terms(None)], 500, ""),
        ([terms(designs=frozenset({7}))], 1, ""),
        ([terms(designs=frozenset({8}))], 1, "no_agreement"),
        ([terms(ends_on=TODAY)], 1, ""),
        ([terms(ends_on=TODAY - timedelta(1))], 1, "no_agreement"),
        ([terms(in_series=False)], 1, ""),
        ([terms(in_series=False)], 2, "not_in_series"),
        ([terms(in_series=False), terms(made=9)], 2, "run_used_up"),
    ],
)
def test_pieces_are_made_within_an_agreement_only(held: list[Terms], pieces: int, why: str) -> None:
    assert beyond(held, pieces, TODAY, design_id=7) == why


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (terms(made=7), []),
        (terms(made=8), ["nearly_used_up"]),
        (terms(made=10), ["used_up"]),
        (terms(ends_on=TODAY + timedelta(31)), []),
        (terms(ends_on=TODAY + timedelta(30)), ["ends_soon"]),
        (terms(None, made=900), []),
        (terms(ends_on=TODAY - timedelta(1), made=10), []),
    ],
)
def test_an_agreement_warns_thirty_days_or_four_fifths_before_its_end(term: Terms, found: list[str]) -> None:
    assert runs_out(term, TODAY) == found


def test_shares_are_read_as_people_write_them() -> None:
    assert [share_of(text) for text in ("7,5 %", "7.25", "100", "101", "viel", "٣")] == [
        750, 725, 10_000, None, None, None,
    ]  # fmt: skip


@pytest.fixture
def studio(session: Session) -> Partner:
    partner = add_partner(session, name="Studio Nord", now=NOW)
    session.commit()
    return partner


Of = Callable[..., Design]


@pytest.fixture
def of_studio(submit: Submit, studio: Partner) -> Of:
    def made(name: str = "Vase") -> Design:
        return submit(name, partner=studio).design

    return made


def _agree(session: Session, partner: Partner, pieces: int | None, **more: object) -> Agreement:
    values = {"starts_on": TODAY - timedelta(5), **more}
    agreement = add_agreement(session, partner, pieces=pieces, now=NOW, **values)  # type: ignore[arg-type]
    session.commit()
    return agreement


def test_an_agreement_about_one_design_says_nothing_about_another(
    session: Session, studio: Partner, of_studio: Of
) -> None:
    vase, bowl = of_studio("Vase"), of_studio("Schale")
    _agree(session, studio, 5, designs=[vase])
    agreement_allows(session, vase, 5, today=TODAY, made=lambda *_: {})
    with pytest.raises(Conflict, match="keinen gültigen Vertrag"):
        agreement_allows(session, bowl, 1, today=TODAY, made=lambda *_: {})
    assert uncovered(session, {vase.id: studio.id, bowl.id: studio.id, 99: None}, TODAY) == {bowl.id}
    with pytest.raises(Conflict, match="noch 2 Stück"):
        agreement_allows(session, vase, 3, today=TODAY, made=lambda _s, rows: {rows[0].id: 3})


def test_the_pieces_left_are_those_of_a_series(session: Session, studio: Partner, of_studio: Of) -> None:
    vase = of_studio("Vase")
    _agree(session, studio, 100, in_series=False)
    _agree(session, studio, 3)
    with pytest.raises(Conflict, match="noch 3 Stück"):
        agreement_allows(session, vase, 5, today=TODAY, made=lambda *_: {})


def test_a_used_up_agreement_about_single_pieces_leaves_none(
    session: Session, studio: Partner, of_studio: Of
) -> None:
    vase, single = of_studio("Vase"), _agree(session, studio, 2, in_series=False)
    with pytest.raises(Conflict, match="noch 0 Stück"):
        agreement_allows(session, vase, 1, today=TODAY, made=lambda *_: {single.id: 2})


def test_a_design_of_somebody_else_is_in_no_agreement(
    session: Session, studio: Partner, submit: Submit
) -> None:
    with pytest.raises(Invalid, match="von jemand anderem"):
        _agree(session, studio, 5, designs=[submit("Fremd").design])


def test_a_non_commercial_licence_needs_an_agreement(
    session: Session, studio: Partner, of_studio: Of, cast: Cast
) -> None:
    vase = of_studio()
    licence_allows(session, vase, today=TODAY)
    set_licence(session, vase, "CC-BY-NC-SA-4.0", by_id=cast.fatma.id, now=NOW)
    with pytest.raises(Conflict, match="erlaubt keinen Verkauf"):
        licence_allows(session, vase, today=TODAY)
    _agree(session, studio, None)
    licence_allows(session, vase, today=TODAY)
    with pytest.raises(Invalid):
        set_licence(session, vase, "Meine eigene", by_id=cast.fatma.id, now=NOW)
    assert not forbids_sale("CC-BY-ND-4.0")


def test_the_page_of_a_design_says_what_its_licence_forbids(
    cast: Cast, sign_in: SignIn, of_studio: Of, session: Session
) -> None:
    design_id, client = of_studio().id, sign_in(cast.fatma)
    assert client.post(f"/katalog/{design_id}/lizenz", data={"licence": "CC-BY-NC-4.0"}).status_code == 303
    assert "Diese Lizenz erlaubt keinen Verkauf." in client.get(f"/katalog/{design_id}").text
    assert sign_in(cast.dilek).post(f"/katalog/{design_id}/lizenz", data={}).status_code == 403


def test_what_runs_out_stands_on_the_first_page_of_the_liaison_and_nobody_elses(
    session: Session, app: object, studio: Partner, of_studio: Of, cast: Cast, sign_in: SignIn
) -> None:
    of_studio()
    agreement = _agree(session, studio, 10)
    register_made(app, lambda _session, rows: {row.id: 9 for row in rows})  # type: ignore[arg-type]
    assert "9 von 10 Stück sind bestellt." in sign_in(cast.fatma).get("/katalog").text
    assert "9 von 10 Stück" in sign_in(cast.guel).get(f"/partner/{studio.id}").text
    assert "9 von 10 Stück" not in sign_in(cast.boris).get("/katalog").text
    assert [one.agreement.id for one in ending(session, TODAY)] == [agreement.id]


def test_one_that_is_followed_by_another_warns_of_nothing(session: Session, studio: Partner) -> None:
    _agree(session, studio, None, ends_on=TODAY + timedelta(5))
    assert len(ending(session, TODAY)) == 1
    _agree(session, studio, None, starts_on=TODAY + timedelta(5))
    assert ending(session, TODAY) == []


def test_rates_are_versions_and_say_one_thing(
    session: Session, studio: Partner, cast: Cast, sign_in: SignIn
) -> None:
    agreement = _agree(session, studio, None)
    path, client = f"/partner/vertrag/{agreement.id}/verguetung", sign_in(cast.fatma)
    for bad in ({}, {"amount": "1,50", "share": "5"}, {"share": "150"}, {"amount": "viel"}):
        assert client.post(path, data={"valid_from": "2026-01-01", **bad}).status_code == 422
    assert client.post(path, data={"valid_from": "2026-01-01", "amount": "1,50"}).status_code == 303
    assert client.post(path, data={"valid_from": "2026-04-01", "share": "7,5 %"}).status_code == 303
    session.expire_all()
    rates = session.get_one(Agreement, agreement.id).rates
    assert [(rate.cents, rate.share_hundredths) for rate in rates] == [(150, None), (None, 750)]
    with pytest.raises(Invalid):
        set_rate(session, agreement, valid_from=date(2026, 1, 1), by_id=None, now=NOW)


def test_a_paper_is_known_by_its_content_and_only_ever_downloaded(
    session: Session, studio: Partner, cast: Cast, sign_in: SignIn
) -> None:
    path, client = f"/partner/vertrag/{_agree(session, studio, 5).id}/papier", sign_in(cast.fatma)
    assert client.post(path, data={"file": (io.BytesIO(PDF), "Vertrag „neu“.pdf")}).status_code == 303
    document = session.scalars(sa.select(AgreementDocument)).one()
    answer = client.get(f"/partner/papier/{document.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sign_in(cast.emil).get(f"/partner/papier/{document.id}").status_code == 200
    for other in (cast.guel, cast.boris, cast.dilek, cast.amira):
        assert sign_in(other).get(f"/partner/papier/{document.id}").status_code == 403
    assert client.post(f"/partner/papier/{document.id}/entfernen").status_code == 303
    assert client.get(f"/partner/papier/{document.id}").status_code == 404


def test_a_photo_of_a_paper_is_drawn_anew(
    session: Session, studio: Partner, cast: Cast, sign_in: SignIn
) -> None:
    taken, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "zu Hause"
    Image.new("RGB", (300, 400), "#ffffff").save(taken, "JPEG", exif=exif)
    path, client = f"/partner/vertrag/{_agree(session, studio, 5).id}/papier", sign_in(cast.fatma)
    data = {"file": (io.BytesIO(taken.getvalue()), "vertrag.html")}
    assert client.post(path, data=data).status_code == 303
    answer = client.get(f"/partner/papier/{session.scalars(sa.select(AgreementDocument.id)).one()}")
    assert (answer.content_type, b"zu Hause" in answer.data) == ("image/jpeg", False)
    assert "vertrag.jpg" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"<html><script>1</script>", 415), (b"%PDF-1.7 and no end", 415), (b"", 422), (b"\xff\xd8\xff?", 415)],
)
def test_other_files_are_refused(
    session: Session, studio: Partner, cast: Cast, sign_in: SignIn, data: bytes, status: int
) -> None:
    path = f"/partner/vertrag/{_agree(session, studio, 5).id}/papier"
    answer = sign_in(cast.fatma).post(path, data={"file": (io.BytesIO(data), "vertrag.pdf")})
    assert answer.status_code in (status, 422)
    assert session.scalar(sa.select(sa.func.count()).select_from(AgreementDocument)) == 0


def test_contacts_are_kept_changed_and_forgotten(
    session: Session, studio: Partner, cast: Cast, sign_in: SignIn
) -> None:
    client, path = sign_in(cast.fatma), f"/partner/{studio.id}/kontakt"
    assert client.post(path, data={"name": "Ida Beck", "email": "keine"}).status_code == 422
    sent = {"name": "Ida Beck", "role": "Leitung", "email": "ida@studio.example", "phone": "+49 241 1"}
    assert client.post(path, data=sent).status_code == 303
    contact = session.scalars(sa.select(Contact)).one()
    assert "ida@studio.example" in client.get(f"/partner/{studio.id}").text
    assert sign_in(cast.dilek).get(f"/partner/kontakt/{contact.id}").status_code == 403
    assert client.post(f"/partner/kontakt/{contact.id}", data={**sent, "role": "Büro"}).status_code == 303
    assert client.post(f"/partner/kontakt/{contact.id}/loeschen").status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 0
    details = session.scalars(sa.select(AuditLine).where(AuditLine.subject == f"contact:{contact.id}")).all()
    assert all("Ida" not in str(line.details) for line in details)


def test_an_upload_may_say_its_licence(
    session: Session, cast: Cast, sign_in: SignIn, upload_form: Callable[..., dict[str, object]]
) -> None:
    from tests.makerlab.catalog.conftest import stl

    data = upload_form(stl(20), licence="CC-BY-NC-4.0")
    assert sign_in(cast.fatma).post("/katalog/neu", data=data).status_code == 303
    assert session.scalars(sa.select(Revision)).one().design.licence == "CC-BY-NC-4.0"
