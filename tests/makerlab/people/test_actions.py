import pytest
import sqlalchemy as sa
from argon2 import extract_parameters
from argon2.low_level import Type
from flask_security import verify_password
from sqlalchemy.orm import Session

from makerlab.core.access import Role
from makerlab.core.audit import AuditLine
from makerlab.core.errors import Conflict, Forbidden, Invalid
from makerlab.people import actions
from makerlab.people.actions import (
    create_account,
    give_role,
    issue_card,
    set_active,
    set_password,
    set_pin,
    take_role,
)
from makerlab.people.hashes import hash_secret, matches
from tests.makerlab.conftest import NOW, PASSWORD, PIN, Cast


def test_secrets_are_argon2id_and_the_sign_in_library_reads_them(session: Session) -> None:
    stored = hash_secret(PASSWORD)
    assert extract_parameters(stored).type is Type.ID
    assert verify_password(PASSWORD, stored)
    assert matches("Bürste-über-Öl", hash_secret("Bürste-über-Öl"))
    assert not matches(PASSWORD + "x", stored)
    assert not matches("nobody", None)


def test_everybody_gets_a_number_of_their_own(cast: Cast) -> None:
    numbers = {account.number for account in vars(cast).values()}
    assert len(numbers) == 7
    assert all(len(number) == 4 and number.isascii() and number.isdigit() for number in numbers)


def test_when_all_numbers_are_taken_it_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "range", lambda *_bounds: [], raising=False)
    with pytest.raises(Conflict):
        create_account(session, name="Neu", roles=[], now=NOW)


def test_one_address_has_one_account(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        create_account(session, name="Emil Zwei", roles=[], email="EMIL@makerlab.example", now=NOW)


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"email": "x"}, {"pin": "123456"}, {"password": "short"}, {"language": "xx"}]
)
def test_an_account_with_wrong_content_is_not_made(session: Session, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        create_account(session, **{"name": "Neu", "roles": [], "now": NOW, **wrong})  # type: ignore[arg-type]


def test_nobody_changes_their_own_roles(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        give_role(session, cast.guel, Role.INSTRUCTOR, by_id=cast.guel.id, now=NOW)
    with pytest.raises(Forbidden):
        take_role(session, cast.emil, Role.ADMINISTRATOR, by_id=cast.emil.id, now=NOW)


def test_only_administrators_make_administrators(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        give_role(session, cast.boris, Role.ADMINISTRATOR, by_id=cast.guel.id, now=NOW)
    with pytest.raises(Forbidden):
        create_account(session, name="Neu", roles=[Role.ADMINISTRATOR], by_id=cast.guel.id, now=NOW)
    give_role(session, cast.boris, Role.ADMINISTRATOR, by_id=cast.emil.id, now=NOW)
    assert cast.boris.has_role("administrator")


def test_a_coordinator_finds_no_way_into_an_administrators_account(session: Session, cast: Cast) -> None:
    by = {"by_id": cast.guel.id, "now": NOW}
    for try_it in (
        lambda: issue_card(session, cast.emil, **by),
        lambda: set_pin(session, cast.emil, PIN, **by),
        lambda: set_password(session, cast.emil, PASSWORD, **by),
        lambda: set_active(session, cast.emil, False, **by),
        lambda: give_role(session, cast.emil, Role.TRAINEE, **by),
    ):
        with pytest.raises(Forbidden):
            try_it()


def test_nobody_closes_their_own_account(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        set_active(session, cast.emil, False, by_id=cast.emil.id, now=NOW)


def test_each_change_leaves_one_line_without_names(session: Session, cast: Cast) -> None:
    before = session.scalar(sa.select(sa.func.max(AuditLine.id))) or 0
    by = {"by_id": cast.emil.id, "now": NOW}
    issue_card(session, cast.amira, **by)
    set_pin(session, cast.amira, PIN, **by)
    give_role(session, cast.amira, Role.SALES, **by)
    give_role(session, cast.amira, Role.SALES, **by)  # has it: no second line
    set_active(session, cast.amira, False, **by)
    lines = list(session.scalars(sa.select(AuditLine).where(AuditLine.id > before).order_by(AuditLine.id)))
    assert [line.action for line in lines] == ["card.issued", "pin.set", "role.given", "account.closed"]
    assert {(line.subject, line.actor_id) for line in lines} == {(f"account:{cast.amira.id}", cast.emil.id)}
    assert "Amira" not in str([line.details for line in lines])


def test_start_passwords_will_do_and_differ() -> None:
    first, second = actions.new_password(), actions.new_password()
    assert first != second
    assert actions.rules.password_will_do(first)
