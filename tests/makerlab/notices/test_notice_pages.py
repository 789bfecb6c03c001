"""The bell, the list and the channels, as the people of the lab see them."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from makerlab.core.audit import AuditLine
from makerlab.core.crypto import decrypt
from makerlab.notices.actions import settle
from makerlab.notices.models import Channel, Kind
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.notices.conftest import Post
from tests.makerlab.notices.receivers import WebReceiver

SECRET = "ntfy://geheimnis@ntfy.example/thema"


def form(**more: Any) -> dict[str, Any]:
    return {"name": "Werkstatt", "url": SECRET, "kind": ["printer_silent"], "language": "de", **more}


@pytest.fixture
def emil(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.emil)


def channels(post: Post) -> list[Channel]:
    post.session.rollback()
    post.session.expire_all()
    return list(post.session.scalars(sa.select(Channel)))


def test_without_any_channel_the_desk_tells(post: Post, cast: Cast, sign_in: SignIn) -> None:
    post.tell()
    post.tell(Kind.PRINT_TO_COLLECT, "attempt:1")
    boris = sign_in(cast.boris)
    assert '<bdi class="bell-count">2</bdi>' in boris.get("/drucker").text
    page = boris.get("/meldungen").text
    assert "Anton antwortet nicht mehr." in page
    assert 'href="/drucker/1"' in page


def test_each_role_is_told_what_concerns_it(post: Post, cast: Cast, sign_in: SignIn) -> None:
    post.tell(Kind.PRINTER_SILENT)
    post.tell(Kind.LOW_STOCK, "product:1")
    post.tell(Kind.AGREEMENT_ENDS, "agreement:1")
    seen = {
        name: [word for word in ("Schweigt", "Wenig auf Lager", "Vertrag endet") if word in page]
        for name in ("boris", "dilek", "fatma", "guel", "emil")
        for page in [sign_in(getattr(cast, name)).get("/meldungen").text]
    }
    assert seen == {
        "boris": ["Schweigt"], "dilek": ["Wenig auf Lager"], "fatma": ["Vertrag endet"],
        "guel": ["Wenig auf Lager", "Vertrag endet"], "emil": ["Schweigt"],
    }  # fmt: skip
    assert sign_in(cast.amira).get("/meldungen").status_code == 403


def test_what_was_read_is_read_for_this_person_alone(post: Post, cast: Cast, sign_in: SignIn) -> None:
    notice, once = post.tell(), post.tell(Kind.ORDER_DONE, "order:1")
    assert notice is not None
    assert once is not None
    boris = sign_in(cast.boris)
    for _ in range(2):
        done = boris.post("/meldungen/gelesen", data={"id": [notice.id, once.id, 4711, -1, 2**70]})
        assert done.status_code == 303
    page = boris.get("/meldungen").text
    assert "bell-count" not in page
    assert "Anton antwortet nicht mehr." in page, "it is still the case"
    assert page.index("Vorbei") < page.index("Auftrag fertig"), "what happens once is done with"
    assert "bell-count" in sign_in(cast.carla).get("/meldungen").text


def test_what_is_over_needs_nobody_any_more(post: Post, cast: Cast, sign_in: SignIn) -> None:
    post.tell()
    settle(post.session, Kind.PRINTER_SILENT, "printer:1", now=post.clock.now)
    page = sign_in(cast.boris).get("/meldungen").text
    assert "bell-count" not in page
    assert "Alles in Ordnung" in page
    assert "Vorbei" in page


def test_the_bell_is_sent_only_when_it_rings(post: Post, cast: Cast, sign_in: SignIn) -> None:
    boris = sign_in(cast.boris)
    tag = boris.get("/meldungen/glocke").headers["ETag"]
    assert boris.get("/meldungen/glocke", headers={"If-None-Match": tag}).status_code == 304
    post.tell()
    assert "bell-count" in boris.get("/meldungen/glocke", headers={"If-None-Match": tag}).text


def test_only_administrators_see_and_change_channels(
    post: Post, cast: Cast, sign_in: SignIn, emil: FlaskClient
) -> None:
    emil.post("/meldungen/kanaele/neu", data=form())
    id_ = channels(post)[0].id
    for person in (cast.boris, cast.guel, cast.dilek, cast.amira):
        client = sign_in(person)
        for path in ("", "/neu", f"/{id_}"):
            assert client.get(f"/meldungen/kanaele{path}").status_code == 403
        for path in ("/neu", f"/{id_}", f"/{id_}/test", f"/{id_}/aktiv"):
            assert client.post(f"/meldungen/kanaele{path}", data=form(name="x")).status_code == 403
    assert [one.name for one in channels(post)] == ["Werkstatt"]


def test_the_address_is_never_shown_again_and_stays_when_left_empty(post: Post, emil: FlaskClient) -> None:
    assert emil.post("/meldungen/kanaele/neu", data=form()).status_code == 303
    channel = channels(post)[0]
    for path in ("", f"/{channel.id}"):
        assert "geheimnis" not in emil.get(f"/meldungen/kanaele{path}").text
    emil.post(f"/meldungen/kanaele/{channel.id}", data=form(name="Andere", url=""))
    channel = channels(post)[0]
    assert channel.name == "Andere"
    assert decrypt(channel.url_encrypted, post.settings.channel_key) == SECRET
    lines = post.session.scalars(sa.select(AuditLine).where(AuditLine.subject == f"channel:{channel.id}"))
    assert [(line.action, line.details) for line in lines] == [
        ("channel.added", {"new_url": True}), ("channel.changed", {"new_url": False}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "}, {"url": ""}, {"url": "http://169.254.169.254/"}, {"quiet_from": "22:00"},
        {"quiet_from": "25:00", "quiet_until": "06:00"}, {"account_id": "1"}, {"account_id": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_saved(
    post: Post, emil: FlaskClient, wrong: dict[str, str]
) -> None:
    answer = emil.post("/meldungen/kanaele/neu", data=form(**wrong))
    assert answer.status_code == 422
    assert "geheimnis" not in answer.text
    assert channels(post) == []


def test_quiet_hours_and_kinds_are_kept(post: Post, emil: FlaskClient, cast: Cast) -> None:
    data = form(quiet_from="22:00", quiet_until="06:30", account_id=cast.boris.id, kind=["order_done", "x"])
    emil.post("/meldungen/kanaele/neu", data=data)
    channel = channels(post)[0]
    assert (channel.quiet_from, channel.quiet_until, channel.urgent_always) == (1320, 390, False)
    assert (channel.account_id, channel.kinds) == (cast.boris.id, ["order_done"])
    page = emil.get(f"/meldungen/kanaele/{channel.id}").text
    assert 'value="22:00"' in page
    assert 'value="06:30"' in page


def test_a_test_is_sent_at_once_whatever_the_hour(post: Post, emil: FlaskClient, web: WebReceiver) -> None:
    emil.post("/meldungen/kanaele/neu", data=form(url=web.url, quiet_from="00:00", quiet_until="23:59"))
    address = f"/meldungen/kanaele/{channels(post)[0].id}/test"
    assert "Der Dienst hat die Nachricht angenommen." in emil.post(address, follow_redirects=True).text
    assert [one["title"] for one in web.got] == ["Test"]
    web.status = 403
    assert "nicht angenommen" in emil.post(address, follow_redirects=True).text


def test_a_channel_rests_and_sends_again(post: Post, emil: FlaskClient) -> None:
    emil.post("/meldungen/kanaele/neu", data=form())
    address = f"/meldungen/kanaele/{channels(post)[0].id}/aktiv"
    emil.post(address)
    assert channels(post)[0].active is False
    emil.post(address, data={"active": "1"})
    assert channels(post)[0].active is True
    assert emil.post("/meldungen/kanaele/99/aktiv").status_code == 404
