"""What is told is sent, over real services on this machine, whatever dies or fails in between."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from makerlab.core.crypto import decrypt
from makerlab.core.errors import Invalid
from makerlab.notices.actions import set_active, settle, sweep, tell
from makerlab.notices.models import Delivery, DeliveryState, Kind, Notice
from makerlab.notices.rules import MOST_TRIES
from makerlab.notices.sending import Message, send
from tests.makerlab.conftest import Cast
from tests.makerlab.notices.conftest import PARAMS, Post
from tests.makerlab.notices.receivers import MailReceiver, WebReceiver

S = DeliveryState


class Killed(BaseException):
    """kill -9: nothing after it runs."""


def test_it_arrives_over_http_once(post: Post, web: WebReceiver) -> None:
    post.channel(web.url)
    post.tell()
    post.work()
    post.work(3600)
    assert [one["message"] for one in web.got] == [
        "Anton antwortet nicht mehr.\nhttp://lab.example/drucker/1"
    ]
    assert [one["title"] for one in web.got] == ["Schweigt"]
    assert post.states() == [S.SENT]


def test_it_arrives_over_ntfy(post: Post, web: WebReceiver) -> None:
    post.channel(web.ntfy)
    post.tell()
    post.work()
    assert (web.got[0]["topic"], web.got[0]["title"]) == ("werkstatt", "Schweigt")


def test_it_arrives_as_mail(post: Post, mail: MailReceiver) -> None:
    post.channel(mail.url)
    post.tell(Kind.PRINTER_ERROR)
    post.work()
    assert post.states() == [S.SENT]
    letter = mail.got[0]
    assert (letter["To"], letter["Subject"]) == ("boris@makerlab.example", "Störung")
    assert "Anton meldet einen Fehler: Thermal Runaway" in letter.get_body(("plain", "html")).get_content()


def test_a_person_reads_in_their_own_language(post: Post, web: WebReceiver, cast: Cast) -> None:
    cast.boris.language = "en"
    post.session.commit()
    post.channel(web.url, account=cast.boris, language="de")
    post.channel(web.url, name="Werkstatt", language="ar")
    post.tell(Kind.PRINTER_ERROR)
    post.work()
    assert sorted(one["title"] for one in web.got) == sorted(["Fault", "عطل"])


def test_the_same_is_told_once_until_it_is_over(post: Post, web: WebReceiver) -> None:
    post.channel(web.url)
    assert post.tell() is not None
    assert post.tell() is None
    assert post.tell(about="printer:2") is not None
    post.work()
    assert settle(post.session, Kind.PRINTER_SILENT, "printer:1", now=post.clock.now)
    assert not settle(post.session, Kind.PRINTER_SILENT, "printer:1", now=post.clock.now)
    assert post.tell() is not None
    post.work()
    assert len(web.got) == 2, "what comes and goes is not sent every time"
    post.work(600)
    assert len(web.got) == 3


def test_two_processes_tell_it_once(post: Post) -> None:
    post.channel()
    both = threading.Barrier(2)

    def told() -> None:
        both.wait()
        with post.factory.begin() as session:
            tell(session, Kind.PRINTER_SILENT, "printer:1", PARAMS, now=post.clock.now)

    threads = [threading.Thread(target=told) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert post.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1
    assert post.states() == [S.WAITING]


def test_what_was_rolled_back_is_not_sent(post: Post) -> None:
    post.channel()
    tell(post.session, Kind.PRINTER_SILENT, "printer:1", PARAMS, now=post.clock.now)
    post.session.rollback()
    post.work()
    assert post.sent == []


def test_a_channel_gets_only_its_kinds(post: Post, web: WebReceiver) -> None:
    post.channel(web.url, kinds=[Kind.ORDER_DONE])
    post.tell()
    assert post.states() == []


def test_a_failure_is_tried_again_later_and_later_and_given_up(post: Post, web: WebReceiver) -> None:
    web.status = 503
    post.channel(web.url)
    post.tell()
    post.work()
    post.work(25)
    assert len(web.got) == 1, "the first pause is 30 s"
    post.work(10)
    assert len(web.got) == 2
    for _ in range(MOST_TRIES):
        post.work(3601)
    assert len(web.got) == MOST_TRIES
    assert post.states() == [S.GIVEN_UP]
    assert post.session.scalars(sa.select(Delivery.error)).one() == "refused"


def test_a_service_that_comes_back_gets_what_waits(post: Post, web: WebReceiver) -> None:
    web.status = 500
    post.channel(web.url)
    post.tell()
    post.work()
    web.status = 200
    post.work(31)
    assert post.states() == [S.SENT]


def test_a_clock_that_jumps_delays_nothing(post: Post, web: WebReceiver) -> None:
    web.status = 500
    post.channel(web.url)
    post.tell()
    post.work()
    web.status = 200
    post.clock.jump(days=-1)
    post.work(31)
    assert post.states() == [S.SENT]
    settle(post.session, Kind.PRINTER_SILENT, "printer:1", now=post.clock.now)
    post.clock.jump(days=-1)
    post.tell()
    post.work()
    assert post.states() == [S.SENT, S.SENT]


def test_killed_between_sending_and_marking_it_is_sent_again_and_says_so(
    post: Post, web: WebReceiver
) -> None:
    post.channel(web.url)
    post.tell()

    def die(message: Message) -> str:
        send(message)
        raise Killed

    post.send = die
    with pytest.raises(Killed):
        post.work()
    assert post.states() == [S.TRYING]
    post.send = send
    post.restart()
    post.work()
    post.work(3600)
    assert len(web.got) == 2, "at least once: the answer of the service was lost"
    assert "Vielleicht haben Sie diese Nachricht schon bekommen." not in web.got[0]["message"]
    assert "Vielleicht haben Sie diese Nachricht schon bekommen." in web.got[1]["message"]
    assert post.states() == [S.SENT]


def test_killed_before_sending_it_is_sent(post: Post, web: WebReceiver) -> None:
    post.channel(web.url)
    post.tell()

    def die(_message: Message) -> str:
        raise Killed

    post.send = die
    with pytest.raises(Killed):
        post.work()
    post.send = send
    post.restart()
    post.work()
    assert len(web.got) == 1


def test_two_workers_send_it_once(post: Post, web: WebReceiver) -> None:
    """The second one does all of its work while the first one is about to send."""
    post.channel(web.url)
    post.tell()
    post.session.rollback()
    due = post.round._due()
    post.round()
    for id_, tries in due:
        post.round._deliver(id_, tries)
    assert len(web.got) == 1


def test_what_is_over_before_it_was_sent_is_dropped(post: Post, web: WebReceiver) -> None:
    post.channel(web.url)
    post.tell()
    settle(post.session, Kind.PRINTER_SILENT, "printer:1", now=post.clock.now)
    post.session.commit()
    post.work()
    assert (web.got, post.states()) == ([], [S.DROPPED])


def test_quiet_hours_hold_back_all_but_what_is_urgent(post: Post, web: WebReceiver) -> None:
    post.clock.now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
    post.channel(web.url, quiet=(22 * 60, 6 * 60))
    post.channel(web.url, name="Schläft", quiet=(22 * 60, 6 * 60), urgent_always=False)
    post.tell(Kind.PRINT_TO_COLLECT, "attempt:1")
    post.tell(Kind.PRINTER_SILENT)
    post.work()
    assert [one["title"] for one in web.got] == ["Schweigt"]
    post.work(6 * 3600 + 1700)
    assert len(web.got) == 1, "05:58"
    post.work(180)
    assert len(web.got) == 4


def test_one_channel_that_breaks_holds_up_no_other(post: Post, web: WebReceiver) -> None:
    broken = post.channel(web.url, name="Kaputt")
    post.channel(web.url)
    broken.url_encrypted = "no token of ours"
    post.session.commit()
    post.tell()
    post.work()
    assert post.states() == [S.WAITING, S.SENT]
    assert post.session.scalars(sa.select(Delivery.error).order_by(Delivery.id)).first() == "unreadable"


def test_a_service_that_raises_is_tried_again(post: Post) -> None:
    def raises(_message: Message) -> str:
        raise RuntimeError("a plugin of apprise")

    post.channel()
    post.tell()
    post.send = raises
    post.work()
    assert post.states() == [S.WAITING]


def test_a_channel_that_rests_gets_nothing(post: Post, web: WebReceiver) -> None:
    channel = post.channel(web.url)
    post.tell()
    set_active(post.session, channel, False, by_id=post.emil.id, now=post.clock.now)
    post.session.commit()
    post.tell(about="printer:2")
    post.work()
    assert (web.got, post.states()) == ([], [S.DROPPED])


def test_a_channel_that_rests_since_a_failure_is_not_tried_again(post: Post, web: WebReceiver) -> None:
    channel = post.channel(web.url)
    post.tell()

    def rests_meanwhile(_message: Message) -> str:
        set_active(post.session, channel, False, by_id=post.emil.id, now=post.clock.now)
        post.session.commit()
        return "refused"

    post.send = rests_meanwhile
    post.work()
    post.send = send
    post.work(3600)
    assert (web.got, post.states()) == ([], [S.DROPPED])


def test_who_left_gets_nothing_that_waited(post: Post, web: WebReceiver, cast: Cast) -> None:
    post.channel(web.url, account=cast.boris)
    post.tell()
    cast.boris.active = False
    post.session.commit()
    post.work()
    assert (web.got, post.states()) == ([], [S.DROPPED])


def test_who_left_gets_nothing(post: Post, web: WebReceiver, cast: Cast) -> None:
    post.channel(web.url, account=cast.boris)
    cast.boris.active = False
    post.tell()
    assert post.states() == []


def test_the_address_is_encrypted_at_rest(post: Post, web: WebReceiver) -> None:
    channel = post.channel("ntfy://secret-token@ntfy.example/thema")
    assert "secret" not in channel.url_encrypted
    assert "secret-token" in decrypt(channel.url_encrypted, post.settings.channel_key)


@pytest.mark.parametrize("url", ["", "nonsense", "javascript:alert(1)", "json://a\nb", "x" * 3000])
def test_an_address_that_nobody_understands_is_refused(post: Post, url: str) -> None:
    with pytest.raises(Invalid):
        post.channel(url)


def test_old_notices_are_swept_with_their_deliveries(post: Post) -> None:
    post.channel()
    post.tell()
    post.tell(Kind.ORDER_DONE, "order:1")
    post.tell(about="printer:2")
    settle(post.session, Kind.PRINTER_SILENT, "printer:2", now=post.clock.now)
    post.clock.jump(days=91)
    assert sweep(post.session, now=post.clock.now) == 2
    assert [one.about for one in post.session.scalars(sa.select(Notice))] == ["printer:1"]
