"""What PostgreSQL refuses to hold or to look for crashes no page."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from makerlab.core.settings import Settings
from makerlab.people.models import RoleRow
from tests.makerlab.conftest import Cast, SignIn
from tests.makerlab.databases import Databases
from tests.makerlab.production.conftest import Workshop

TEMPLATES = Path(__file__).parents[3] / "templates"
FIELD = re.compile(r"""name=["']([\w-]+)["']""")
FOREIGN = ("security", "static")
ODD = {"NUL": "\0", "a number beyond the columns": str(2**31)}


@pytest.fixture
def settings(on_postgresql: Databases, tmp_path: Path) -> Iterator[Settings]:
    """Whatever the run is about: SQLite takes everything."""
    with on_postgresql.lab(tmp_path) as lab:
        yield lab


@pytest.fixture
def fields() -> list[str]:
    """Names of all fields of all forms."""
    pages = (path.read_text() for path in TEMPLATES.rglob("*.html"))
    return sorted({name for page in pages for name in FIELD.findall(page)} | {"q", "attempt", "platte"})


@pytest.fixture
def everybody(session: Session, workshop: Workshop, cast: Cast, sign_in: SignIn) -> FlaskClient:
    """Somebody with all roles, while something is being printed."""
    workshop.start(workshop.order(3))
    cast.emil.roles = list(session.scalars(sa.select(RoleRow)))
    session.commit()
    return sign_in(cast.emil)


def rules(app: Flask, verb: str) -> Iterator[Rule]:
    """Those of the lab's own pages that answer this verb; nobody signs out in between."""
    for rule in app.url_map.iter_rules():
        own = rule.endpoint.split(".")[0] not in FOREIGN and "abmelden" not in rule.rule
        if own and verb in (rule.methods or ()):
            yield rule


def address(rule: Rule, word: str) -> str:
    """Of the first row of all, and of `word` where a page is found by one."""
    return re.sub("<[^>]+>", word, re.sub("<int[^>]*>", "1", rule.rule))


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_no_address_with_nul_crashes(app: Flask, everybody: FlaskClient, verb: str) -> None:
    paths = [path for rule in rules(app, verb) if "%00" in (path := address(rule, "%00"))]
    assert {path for path in paths if everybody.open(path, method=verb).status_code == 500} == set()


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_no_field_crashes(app: Flask, everybody: FlaskClient, fields: list[str], verb: str, odd: str) -> None:
    sent = urlencode(dict.fromkeys(fields, ODD[odd]))
    more = {"query_string": sent} if verb == "GET" else {"data": sent}
    crashed = [
        rule.rule
        for rule in rules(app, verb)
        if everybody.open(
            address(rule, "P1"), method=verb, content_type="application/x-www-form-urlencoded", **more
        ).status_code == 500
    ]  # fmt: skip
    assert crashed == []
