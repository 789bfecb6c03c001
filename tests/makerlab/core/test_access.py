"""Every route, walked by everybody."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from makerlab.app import create_app
from makerlab.core import access
from makerlab.core.access import Role
from makerlab.core.settings import Settings
from tests.makerlab.conftest import Cast, SignIn

PEOPLE = {
    "amira": Role.TRAINEE,
    "boris": Role.INSTRUCTOR,
    "dilek": Role.SALES,
    "emil": Role.ADMINISTRATOR,
    "fatma": Role.LIAISON,
    "guel": Role.COORDINATOR,
}
VERBS = ("GET", "POST")
ELSEWHERE = (403, 404, 405)  # refused; a number too large is no page, or the page of another verb
FOREIGN = ("security", "static")  # the sign-in pages and static files
NUMBERS = ("1", "2147483647", "9223372036854775808")  # somebody, nobody, more than a database can hold


def _walk(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in FOREIGN:
            continue
        for number in NUMBERS[: 3 if rule.arguments else 1]:
            yield _address(rule, number), rule, number


def _address(rule: Rule, number: str) -> str:
    return re.sub("<[^>]+>", number, rule.rule)


def _open(client: FlaskClient, verb: str, address: str) -> int:
    return client.open(address, method=verb).status_code


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_page_opens_to_its_roles_only(
    app: Flask, cast: Cast, sign_in: SignIn, name: str, verb: str
) -> None:
    client, wrong = sign_in(getattr(cast, name)), []
    for address, rule, _number in _walk(app):
        if verb not in (rule.methods or ()):
            continue
        roles = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        status = _open(client, verb, address)
        allowed = roles is None or PEOPLE[name] in roles
        if status == 500 or (not allowed and status not in ELSEWHERE):
            wrong.append((verb, address, status))
    assert wrong == []


@pytest.mark.parametrize("verb", VERBS)
def test_without_signing_in_only_public_pages_open(app: Flask, cast: Cast, verb: str) -> None:
    wrong = []
    for address, rule, _number in _walk(app):
        if verb not in (rule.methods or ()):
            continue
        roles = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        status = _open(app.test_client(), verb, address)
        if status == 500 or (roles is not None and status not in (302, *ELSEWHERE[1:])):
            wrong.append((verb, address, status))
    assert wrong == []


def test_a_person_without_any_role_opens_nothing(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    cast.amira.roles = []
    client, wrong = sign_in(cast.amira), []
    for address, rule, _number in _walk(app):
        roles = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        if roles is None or "GET" not in (rule.methods or ()):
            continue
        if (status := _open(client, "GET", address)) not in ELSEWHERE:
            wrong.append((address, status))
    assert wrong == []


def test_a_view_that_does_not_say_who_may_open_it_stops_the_start(settings: Settings) -> None:
    app = create_app(settings)
    app.add_url_rule("/forgotten", "lab.forgotten", lambda: "secret")
    with pytest.raises(RuntimeError, match=r"lab\.forgotten"):
        access.guard_routes(app)


@pytest.mark.parametrize("endpoint", ["security.verify", "security.register", "security.forgot_password"])
def test_pages_of_the_sign_in_library_that_we_do_not_use_are_not_there(app: Flask, endpoint: str) -> None:
    assert endpoint not in app.view_functions
