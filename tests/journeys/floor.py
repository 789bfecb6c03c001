"""People on the shop floor, without a browser, and what OctoPrint itself recorded."""

import re
import secrets
from collections import Counter
from datetime import UTC, datetime

import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session

from makerlab.catalog.models import Design
from makerlab.catalog.queries import approved
from makerlab.demo.seed import PASSWORD
from makerlab.fleet.actions import declare_bed, load_spool
from makerlab.fleet.models import Bed, Printer
from makerlab.materials.actions import receive_spool
from makerlab.people.models import Account
from makerlab.production.actions import start
from makerlab.production.collecting import collect
from makerlab.production.models import Attempt, Plate
from makerlab.production.ordering import place_order
from makerlab.production.queries import pieces_of
from makerlab.production.rules import Pieces
from makerlab.production.states import ENDED, OVER, AttemptState
from makerlab.production.survey import person_of, survey
from makerlab.stock.models import Product, StockMovement
from tests.journeys.lab import Lab

JOB = re.compile(r"Print job (started|done|failed|cancelled) - origin: local, path: (\S+),")
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TO_COLLECT = OVER | {AttemptState.UNKNOWN}


def now() -> datetime:
    return datetime.now(UTC)


class Floor:
    """Boris, who is instructed for every machine of the lab and stands at its first printer."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    def order(self, name: str, pieces: int) -> int:
        """The id of a new order of the design `name`, in the colour that the first printer has loaded."""
        with self.lab.write() as session:
            revision = next(one for one in approved(session) if one.design.name == name)
            colour = first_printer(session).spool.colour
            wanted = sa.and_(Design.id == Product.design_id, Product.colour_id == colour.id)
            product = session.scalars(
                sa.select(Product).join(Design, wanted).where(Design.id == revision.design_id)
            ).one()
            order = place_order(
                session, revision=revision, product=product, pieces=pieces, by=who(session),
                form_token=secrets.token_hex(8), now=now(),
            )  # fmt: skip
            return order.id

    def load(self, number: int, lot: str) -> int:
        """A new spool of this lot, in the colour of the first printer, is put into one; the colour's id."""
        with self.lab.write() as session:
            printers, boris = session.scalars(sa.select(Printer).order_by(Printer.id)).all(), who(session)
            colour = printers[0].spool.colour
            spool = receive_spool(
                session, material="pla", colour=colour, lot=lot, maker="Filamentwerk Eifel", tare_g=220,
                net_g=1000, by_id=boris.id, now=now(),
            )  # fmt: skip
            load_spool(session, printers[number], spool, by_id=boris.id, now=now())
            return int(colour.id)

    def start(self, order_id: int) -> int | None:
        """Look at the bed and start; the attempt's id, or None while something is in the way."""
        with self.lab.write() as session:
            printer, boris = first_printer(session), who(session)
            floor, person = survey(session, now=now()), person_of(session, boris.id, now=now())
            proposed = floor.proposal(floor.spot[printer.id], person)
            if proposed is None or proposed.piece.order_id != order_id:
                return None
            plate = session.get_one(Plate, proposed.id)
            declare_bed(session, printer, Bed.CLEAR, reason="looked", by_id=boris.id, now=now())
            return start(session, plate, printer, by=boris, now=now()).id

    def collect(self, attempt_id: int) -> None:
        """All pieces of a print that was done are good; those of any other are scrap."""
        with self.lab.write() as session:
            attempt = session.get_one(Attempt, attempt_id)
            done = attempt.state is AttemptState.REPORTED_DONE
            collect(
                session, attempt, good=attempt.plate.pieces if done else 0,
                scrap_reason="" if done else "unfinished", by=who(session), now=now(),
            )  # fmt: skip

    def attempts(self, order_id: int) -> list[Attempt]:
        """All attempts of an order, oldest first."""
        query = sa.select(Attempt).where(Attempt.plate.has(order_id=order_id)).order_by(Attempt.id)
        return self.lab.ask(lambda session: list(session.scalars(query)))

    def pieces(self, order_id: int) -> Pieces:
        return self.lab.ask(lambda session: pieces_of(session, [order_id])[order_id])

    def stocked(self) -> list[tuple[int, int]]:
        """Every line that a print made in the stock, as the print's id and its pieces, sorted."""
        query = sa.select(StockMovement.attempt_id, StockMovement.pieces)
        by_print = query.where(StockMovement.attempt_id.is_not(None))
        return self.lab.ask(lambda session: sorted(tuple(row) for row in session.execute(by_print)))

    def go_on(self, order_id: int) -> bool:
        """Do what a person can do next for this order; True when all its pieces are good."""
        last = self.attempts(order_id)[-1:]
        if last and last[0].state in TO_COLLECT:
            self.collect(last[0].id)
        elif not last or last[0].state in ENDED:
            pieces = self.pieces(order_id)
            if pieces.good == pieces.ordered:
                return True
            self.start(order_id)
        return False

    def finish(self, order_id: int) -> None:
        """Go on until all pieces are good."""
        self.lab.wait(lambda: self.go_on(order_id), f"order {order_id} is done")

    def jobs(self) -> dict[str, Counter[str]]:
        """What the OctoPrints recorded: file → how often it was started, done, failed, cancelled."""
        found: dict[str, Counter[str]] = {}
        for folder in {host.basedir for host in self.lab.octoprints}:
            for log in (folder / "logs").glob("octoprint.log*"):
                for event, name in JOB.findall(log.read_text(errors="replace")):
                    found.setdefault(name, Counter())[event] += 1
        return found


class Desk:
    """An instructor at the desk, signed in, by HTTP."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.browser = requests.Session()
        self.browser.trust_env = False
        page = self._get("/anmelden")
        form = {"email": "boris@makerlab.example", "password": PASSWORD, "csrf_token": CSRF.findall(page)[0]}
        answer = self.browser.post(f"{lab.address}/anmelden", form, timeout=30)
        assert answer.status_code == 200, answer.status_code
        assert "/anmelden" not in answer.url, "signed in"

    def order_page(self, order_id: int) -> str:
        return self._get(f"/auftraege/{order_id}")

    def attempt_page(self, attempt_id: int) -> str:
        return self._get(f"/laeufe/{attempt_id}")

    def _get(self, path: str) -> str:
        answer = self.browser.get(self.lab.address + path, timeout=30)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-500:])
        return answer.text


def who(session: Session) -> Account:
    return session.scalars(sa.select(Account).where(Account.name.startswith("Boris"))).one()


def first_printer(session: Session) -> Printer:
    return session.scalars(sa.select(Printer).order_by(Printer.id)).all()[0]
