"""The catalogue estimates for the machines that the lab has."""

from flask import Flask
from sqlalchemy.orm import Session

from designs.profiles import DEFAULT_MACHINE
from makerlab.catalog.blueprint import machines_in_use
from makerlab.fleet.models import Printer
from makerlab.people.models import Site


def add(session: Session, name: str, machine: str, out_of_service: str = "") -> None:
    site = session.query(Site).one()
    session.add(
        Printer(
            code=name, name=name, machine=machine, site_id=site.id, url="http://127.0.0.1:1",
            key_encrypted="", out_of_service=out_of_service,
        )
    )  # fmt: skip
    session.flush()


def test_designs_are_estimated_for_each_model_of_the_labs_printers(app: Flask, session: Session) -> None:
    add(session, "Anton", "prusa-mini")
    add(session, "Berta", "prusa-mini")
    add(session, "Cäsar", "ender-3", out_of_service="Düse")
    assert machines_in_use() == ["ender-3", "prusa-mini"]


def test_a_lab_without_printers_estimates_for_the_default_machine(app: Flask) -> None:
    assert machines_in_use() == [DEFAULT_MACHINE]
