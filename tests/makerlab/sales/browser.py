"""A test browser whose requests are as separate from the test as a real one's."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session


class Browser(FlaskClient):
    """Each request in an application context of its own, so with its own person and database session."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            return super().open(*args, **kwargs)


def use_browser(app: Flask, session: Session) -> None:
    """Have `app.test_client()` make these, and reading a row after a commit begin no transaction."""
    app.test_client_class = Browser
    session.expire_on_commit = False
