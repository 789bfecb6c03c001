from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.core.errors import Forbidden, TooOften
from makerlab.people import entrance, hashes
from makerlab.people.actions import issue_card, revoke_cards, set_active, set_pin
from makerlab.people.entrance import clear_failures, gates, who_by_card, who_by_pin
from makerlab.people.models import Account, SignInFailure
from tests.makerlab.conftest import NOW, PIN, Cast

KIOSK = "10.0.0.5"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def amira(session: Session, cast: Cast) -> Account:
    set_pin(session, cast.amira, PIN, by_id=None, now=NOW)
    session.commit()
    return cast.amira


def _guess(session: Session, number: str, times: int, kiosk: str = KIOSK) -> None:
    """Fail so often, an hour apart and each at a kiosk of its own, so that only the person counts."""
    for n in range(times):
        with pytest.raises(Forbidden):
            who_by_pin(
                session, number, "000000", kiosk=f"{kiosk}.{n}", now=NOW - (times - n) * timedelta(hours=1)
            )
        session.rollback()  # as a view does that lets the refusal pass


def test_number_and_pin_let_in(session: Session, amira: Account) -> None:
    assert who_by_pin(session, f" {amira.number} ", PIN, kiosk=KIOSK, now=NOW) is amira


def test_a_card_lets_in_and_is_stored_as_a_hash_only(session: Session, amira: Account) -> None:
    code = issue_card(session, amira, by_id=None, now=NOW)
    assert who_by_card(session, code.lower() + "\n", kiosk=KIOSK, now=NOW) is amira
    assert code not in str(session.execute(sa.text("SELECT * FROM card")).all())


def test_a_revoked_card_is_worth_nothing(session: Session, amira: Account) -> None:
    code = issue_card(session, amira, by_id=None, now=NOW)
    revoke_cards(session, amira, by_id=None, now=NOW)
    with pytest.raises(Forbidden):
        who_by_card(session, code, kiosk=KIOSK, now=NOW)


def test_a_closed_account_gets_in_by_nothing(session: Session, amira: Account) -> None:
    code = issue_card(session, amira, by_id=None, now=NOW)
    set_active(session, amira, False, by_id=None, now=NOW)
    session.commit()
    with pytest.raises(Forbidden):
        who_by_card(session, code, kiosk=KIOSK, now=NOW)
    with pytest.raises(Forbidden):
        who_by_pin(session, amira.number, PIN, kiosk=KIOSK, now=NOW)


def test_whatever_is_wrong_gets_the_same_sentence_for_the_same_work(
    session: Session, amira: Account, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    verify = hashes._hasher.verify

    def counted(stored: str, secret: bytes) -> bool:
        hashed.append(stored)
        return verify(stored, secret)

    monkeypatch.setattr(hashes, "_hasher", type("Counted", (), {"verify": staticmethod(counted)}))
    sentences = set()
    unknown = next(str(n) for n in range(1000, 9999) if str(n) not in _numbers(session))
    for number, pin in ((amira.number, "999999"), (unknown, PIN), (cast.boris.number, PIN), ("abc", PIN)):
        with pytest.raises(Forbidden) as refused:
            who_by_pin(session, number, pin, kiosk=KIOSK, now=NOW)
        sentences.add((refused.value.message, refused.value.way_out))
    with pytest.raises(Forbidden) as refused:
        who_by_card(session, "F" * 32, kiosk="10.0.0.6", now=NOW)
    sentences.add((refused.value.message, refused.value.way_out))
    assert len(sentences) == 1
    assert len(hashed) == 4


def _numbers(session: Session) -> set[str]:
    return set(session.scalars(sa.select(Account.number)))


def test_a_failure_stays_counted_although_the_request_is_rolled_back(
    session: Session, amira: Account
) -> None:
    _guess(session, amira.number, 1)
    subjects = set(session.scalars(sa.select(SignInFailure.subject)))
    assert subjects == {f"number:{amira.number}", f"kiosk:{KIOSK}.0"}


def test_ten_failures_lock_a_person_even_with_the_right_pin_until_somebody_clears_it(
    session: Session, amira: Account, cast: Cast
) -> None:
    _guess(session, amira.number, 10)
    with pytest.raises(TooOften):
        who_by_pin(session, amira.number, PIN, kiosk=KIOSK, now=NOW + timedelta(days=9))
    session.rollback()
    clear_failures(session, f"number:{amira.number}", by_id=cast.boris.id, now=NOW)
    session.commit()
    assert who_by_pin(session, amira.number, PIN, kiosk=KIOSK, now=NOW) is amira


def test_a_number_nobody_has_locks_like_one_that_somebody_has(session: Session, amira: Account) -> None:
    unknown = next(str(n) for n in range(1000, 9999) if str(n) not in _numbers(session))
    _guess(session, unknown, 10)
    with pytest.raises(TooOften):
        who_by_pin(session, unknown, PIN, kiosk=KIOSK, now=NOW)


def test_a_success_clears_the_person_but_not_the_kiosk(session: Session, amira: Account) -> None:
    for number in (amira.number, "0001", "0002"):
        with pytest.raises(Forbidden):
            who_by_pin(session, number, "000000", kiosk=KIOSK, now=NOW)
    who_by_pin(session, amira.number, PIN, kiosk=KIOSK, now=NOW)
    session.commit()
    subjects = list(session.scalars(sa.select(SignInFailure.subject)))
    assert f"number:{amira.number}" not in subjects
    assert subjects.count(f"kiosk:{KIOSK}") == 3


def test_guessing_many_numbers_makes_the_kiosk_wait(session: Session, amira: Account) -> None:
    for number in range(5):
        with pytest.raises(Forbidden):
            who_by_pin(session, f"000{number}", "000000", kiosk=KIOSK, now=NOW)
    with pytest.raises(TooOften) as refused:
        who_by_pin(session, amira.number, PIN, kiosk=KIOSK, now=NOW)
    assert "1" in refused.value.way_out
    session.rollback()
    assert who_by_pin(session, amira.number, PIN, kiosk="10.0.0.9", now=NOW) is amira


def test_a_valid_card_gets_in_at_a_kiosk_where_somebody_played(session: Session, amira: Account) -> None:
    code = issue_card(session, amira, by_id=None, now=NOW)
    for _n in range(5):
        with pytest.raises(Forbidden):
            who_by_card(session, "wrong", kiosk=KIOSK, now=NOW)
    with pytest.raises(TooOften):
        who_by_card(session, "wrong", kiosk=KIOSK, now=NOW)
    assert who_by_card(session, code, kiosk=KIOSK, now=NOW) is amira


@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "1' OR '1'='1", "x" * 100_000, "１２３４", "\u202e4321", "🦖", "-1", "1e309"]
)
def test_naughty_input_is_refused_like_any_other(session: Session, amira: Account, text: str) -> None:
    with pytest.raises(Forbidden):
        who_by_pin(session, text, text, kiosk=KIOSK, now=NOW)
    with pytest.raises(Forbidden):
        who_by_card(session, text, kiosk=KIOSK, now=NOW)
    with pytest.raises(Forbidden):
        entrance.who_by_password(session, text, text, address=KIOSK, now=NOW)


def test_old_failures_of_a_kiosk_are_swept_by_the_next(session: Session, amira: Account) -> None:
    for minutes in (90, 60, 0):
        with pytest.raises(Forbidden):
            who_by_card(session, "wrong", kiosk=KIOSK, now=NOW - minutes * MINUTE)
    assert len(list(session.scalars(sa.select(SignInFailure)))) == 1
    assert gates(session, NOW) == {}
