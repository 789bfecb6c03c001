"""Fills an empty database with a small lab: people, objects, filament, printers, stock."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from designs.mesh import Mesh
from designs.profiles import load
from makerlab.app import create_app
from makerlab.catalog.actions import judge
from makerlab.catalog.around.gathering import add_collection, put_in
from makerlab.catalog.arranging import add_agreement, add_partner, set_rate
from makerlab.catalog.intake import TakenIn, take_in
from makerlab.catalog.models import Design, Partner, Revision
from makerlab.catalog.parts.dividing import add_part
from makerlab.catalog.pictures import picture_in
from makerlab.catalog.printing import PrintSettings
from makerlab.catalog.states import Verdict
from makerlab.catalog.submitting import submit_design
from makerlab.core.access import Role
from makerlab.core.clock import utcnow
from makerlab.core.database import db
from makerlab.core.files import FileStore
from makerlab.core.settings import Settings
from makerlab.demo.objects import OBJECTS, PALETTE, PARTNERS, DemoObject
from makerlab.demo.objects.surfaces import Triangles
from makerlab.demo.past import remember
from makerlab.fleet.actions import add_printer, load_spool
from makerlab.materials.actions import receive_spool
from makerlab.materials.models import Colour, Spool
from makerlab.people.actions import create_account, issue_card
from makerlab.people.models import Account, Site
from makerlab.sales.actions import set_price
from makerlab.stock.actions import add_place, book, product_of, workshop
from makerlab.stock.models import Place, PlaceKind, Reservation, StockReason
from makerlab.training.actions import instruct

MACHINE = "prusa-mk3s"
PASSWORD = "Werkschau-Aachen-26"  # noqa: S105  of a demo, printed at its start
PIN = "258036"
WAITING = {"vase-facette"}  # stand in the review queue
RETURNED = {"schirm-plissee"}
ROYALTY = 800  # hundredths of a per cent of the price

PEOPLE: tuple[tuple[str, Role, str], ...] = (
    ("Amira Haddad", Role.TRAINEE, "de"),
    ("Oleksandr Bondar", Role.TRAINEE, "de-simple"),
    ("Boris Lenzen", Role.INSTRUCTOR, "de"),
    ("Carla Jansen", Role.INSTRUCTOR, "de"),
    ("Dilek Aydın", Role.SALES, "de"),
    ("Fatma Yıldız", Role.LIAISON, "de"),
    ("Gül Esser", Role.COORDINATOR, "de"),
    ("Emil Kreutz", Role.ADMINISTRATOR, "de"),
)


@dataclass(frozen=True)
class Seeded:
    """What the welcome prints: sign-ins and printers, ready to read."""

    people: list[str]
    printers: list[tuple[str, str]]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Seeded":
        return cls(kept["people"], [(name, code) for name, code in kept["printers"]])


def seed(
    settings: Settings,
    hosts: list[tuple[str, str]],
    say: Callable[[str], None],
    objects: Sequence[DemoObject] = OBJECTS,
    *,
    past: bool = False,
) -> Seeded:
    """`hosts`: address and key of each print host; `past`: with weeks of printing behind them.

    All or nothing: one transaction.
    """
    taken = [_taken_in(thing, number, settings, say) for number, thing in enumerate(objects, 1)]
    with create_app(settings).test_request_context():
        lab = _Lab(db.session, settings, FileStore(settings.files_dir), utcnow())
        seeded = lab.build(hosts, objects, taken)
        if past:
            remember(db.session, settings, lab.now)
        db.session.commit()
    return seeded


def _taken_in(
    thing: DemoObject, number: int, settings: Settings, say: Callable[[str], None]
) -> list[TakenIn]:
    """Its file and those of its parts, through the same quarantine as any upload."""
    say(f"  {number} {thing.name}")
    builds = [(thing.key, thing.build), *((f"{thing.key}-{one.name}", one.build) for one in thing.parts)]
    return [_read(name, build(), thing, settings) for name, build in builds]


def _read(name: str, triangles: Triangles, thing: DemoObject, settings: Settings) -> TakenIn:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.stl"
        Mesh(triangles).placed().write_stl(path)
        with path.open("rb") as stream:
            return take_in(
                stream, path.name, PrintSettings(thing.process, thing.material), settings=settings,
                machines=[MACHINE], colour=thing.colours[0].hex,
            )  # fmt: skip


class _Lab:
    def __init__(self, session: Session, settings: Settings, files: FileStore, now: datetime) -> None:
        self.session, self.settings, self.files, self.now = session, settings, files, now
        self.lines: list[str] = []
        self.people: dict[str, Account] = {}
        self.colours: dict[str, Colour] = {}

    def build(
        self, hosts: list[tuple[str, str]], objects: Sequence[DemoObject], taken: list[list[TakenIn]]
    ) -> Seeded:
        self._people()
        self._colours()
        partners = self._partners()
        places = self._places()
        printers = self._printers(hosts)
        for thing, files in zip(objects, taken, strict=True):
            self._object(thing, files, partners[thing.partner.name], places)
        self._collections()
        return Seeded(self.lines, printers)

    def by(self, role: Role, which: int = 0) -> Account:
        return [self.people[name] for name, held, _ in PEOPLE if held is role][which]

    def _people(self) -> None:
        site = self.session.scalars(sa.select(Site)).first() or Site(name="Werkstatt Nord")
        self.session.add(site)
        self.session.flush()
        for name, role, language in PEOPLE:
            self.people[name] = self._person(name, role, language, site)
        for name, role, _ in PEOPLE:
            if role in (Role.TRAINEE, Role.INSTRUCTOR):
                giver = self.by(Role.INSTRUCTOR, 1 if self.by(Role.INSTRUCTOR).name == name else 0)
                instruct(self.session, self.people[name], MACHINE, by=giver, now=self.now, months=12)

    def _person(self, name: str, role: Role, language: str, site: Site) -> Account:
        at_kiosk = role in (Role.TRAINEE, Role.INSTRUCTOR)
        email = None if role is Role.TRAINEE else f"{_typed(name)}@makerlab.example"
        account = create_account(
            self.session, name=name, roles=[role], email=email, password=PASSWORD if email else None,
            pin=PIN if at_kiosk else None, language=language, site_id=site.id, now=self.now,
        )  # fmt: skip
        parts = [f"{role.value:<14}{name:<18}"]
        if email:
            parts.append(f"{email}  {PASSWORD}")
        if at_kiosk:
            code = issue_card(self.session, account, by_id=None, now=self.now)
            parts.append(f"number {account.number}  PIN {PIN}  card {code}")
        self.lines.append("  ".join(parts))
        return account

    def _colours(self) -> None:
        for shade in PALETTE:
            self.colours[shade.name] = Colour(name=shade.name, hex=shade.hex)
        self.session.add_all(self.colours.values())
        self.session.flush()

    def _partners(self) -> dict[str, Partner]:
        today = self.now.date()
        found = {}
        for one in PARTNERS:
            partner = add_partner(self.session, name=one.name, story=one.about, by_id=None, now=self.now)
            agreement = add_agreement(
                self.session, partner, pieces=500, starts_on=today.replace(day=1),
                ends_on=today + timedelta(days=700),
                by_id=None, now=self.now,
            )  # fmt: skip
            set_rate(
                self.session, agreement, share_hundredths=ROYALTY, valid_from=agreement.starts_on, by_id=None,
                now=self.now,
            )  # fmt: skip
            found[one.name] = partner
        return found

    def _places(self) -> dict[str, Place]:
        shop = add_place(self.session, name="Laden Pontviertel", kind=PlaceKind.SHOP)
        return {"workshop": workshop(self.session), "shop": shop}

    def _printers(self, hosts: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Two printers with a colour loaded each; more spools lie on the shelf."""
        site, admin = self.session.scalars(sa.select(Site)).one(), self.by(Role.ADMINISTRATOR)
        spools = [self._spool(colour, lot) for lot, colour in enumerate(self.colours.values(), 1)]
        found = []
        for (url, key), spool, name in zip(hosts, spools, ("Anton", "Berta", "Cäsar", "Dora"), strict=False):
            printer = add_printer(
                self.session, name=name, machine=MACHINE, site_id=site.id, url=url, api_key=key,
                settings=self.settings, by_id=admin.id, now=self.now,
            )  # fmt: skip
            load_spool(self.session, printer, spool, by_id=self.by(Role.INSTRUCTOR).id, now=self.now)
            found.append((printer.name, printer.code))
        return found

    def _spool(self, colour: Colour, lot: int) -> Spool:
        return receive_spool(
            self.session, material="pla", colour=colour, lot=f"26-{lot:03d}", maker="Filamentwerk Eifel",
            tare_g=220, net_g=1000, by_id=self.by(Role.INSTRUCTOR).id, now=self.now,
        )  # fmt: skip

    def _object(
        self, thing: DemoObject, files: list[TakenIn], partner: Partner, places: dict[str, Place]
    ) -> None:
        revision = submit_design(
            self.session, files[0], name=thing.name, story=thing.story, partner=partner, tags=thing.tags,
            by=self.by(Role.INSTRUCTOR), now=self.now,
        )  # fmt: skip
        for shade in thing.colours:
            picture_in(self.session, revision, self.colours[shade.name], self.files)
        revision = self._parts(thing, files[1:], revision)
        if thing.key not in WAITING:
            self._judge(thing, revision)
        if thing.key not in WAITING | RETURNED:
            self._stock(thing, revision, places)

    def _parts(self, thing: DemoObject, files: list[TakenIn], revision: Revision) -> Revision:
        """The newest revision, with all parts."""
        revision.part_name = thing.own_name
        for part, file in zip(thing.parts, files, strict=True):
            revision = add_part(
                self.session, revision.design, file, name=part.name, count=part.count, seen=revision.number,
                by=self.by(Role.INSTRUCTOR), profiles=load(None), now=self.now,
            )  # fmt: skip
        return revision

    def _collections(self) -> None:
        """What its tag says is for a gift, and the newest of all."""
        by_id = self.by(Role.LIAISON).id
        designs = self.session.scalars(sa.select(Design).order_by(Design.id.desc())).unique().all()
        gifts = [design for design in designs if "Geschenk" in design.tags]
        for name, story, inside in (
            ("Zum Verschenken", "Kleine Dinge, die in eine Tüte passen.", gifts or designs),
            ("Werkschau im Herbst", "Was wir im Herbst zum ersten Mal zeigen.", designs[:6]),
        ):
            collection = add_collection(self.session, name=name, story=story, by_id=by_id, now=self.now)
            put_in(self.session, collection, [design.id for design in inside])

    def _judge(self, thing: DemoObject, revision: Revision) -> None:
        back = thing.key in RETURNED
        judge(
            self.session, revision, reviewer=self.by(Role.INSTRUCTOR, 1), now=self.now,
            verdict=Verdict.RETURNED if back else Verdict.APPROVED, seen_fingerprint=revision.fingerprint,
            reason="Die Wand ist am oberen Rand zu dünn." if back else "",
            next_step="Bitte den Rand auf 2 mm verstärken und neu hochladen." if back else "",
        )  # fmt: skip

    def _stock(self, thing: DemoObject, revision: Revision, places: dict[str, Place]) -> None:
        sales = self.by(Role.SALES)
        for number, shade in enumerate(thing.colours):
            product = product_of(self.session, revision.design, self.colours[shade.name])
            set_price(
                self.session,
                product,
                thing.price_cents,
                valid_from=date(2026, 1, 1),
                by_id=sales.id,
                now=self.now,
            )
            if number:
                continue
            for place, pieces in thing.stock.items():
                if pieces:
                    book(
                        self.session, product, places[place], pieces, StockReason.RECEIVED,
                        actor_id=sales.id, now=self.now, note="Anfangsbestand",
                    )  # fmt: skip
            if thing.stock.get("shop", 0) > 1:
                self.session.add(
                    Reservation(
                        product_id=product.id,
                        pieces=1,
                        purpose="Werkschau",
                        made_by_id=sales.id,
                        made_at=self.now,
                    )
                )


def _typed(name: str) -> str:
    """The first name as an address: browsers take only ASCII before the @."""
    return name.split(maxsplit=1)[0].lower().replace("ü", "ue")
