"""The rows of a large lab, one table after another: names and figures by dice, hashes made up."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
CODES = "P{:09d}"
KINDS = """
Vase Schale Lampe Tischlampe Türhaken Übertopf Kerzenhalter Schlüsselbrett Anhänger Stern Dose
Becher
""".split()  # noqa: SIM905 (words are read best as words)
LOOKS = """
Welle Dünung Facette Kannelur Plissee Falte Wirbel Blatt Löß Straße Grat Möwe Ähre Kiesel Rinne
""".split()  # noqa: SIM905 (words are read best as words)
STORY = """
Weich gefaltet im Licht eines Fensters wandern die Schatten mit der Sonne über das Regal einer
Küche und halten Schlüssel Blumen Brot oder Stifte fest wo sie hingehören entworfen für kleine
Wohnungen am Rand der Stadt
""".split()  # noqa: SIM905 (words are read best as words)
COLOURS = """
Elfenbein Nachtblau Moosgrün Terrakotta Senf Salbei Altrosa Graphit Kreide Rot Blau Gelb
""".split()  # noqa: SIM905 (words are read best as words)


@dataclass(frozen=True)
class Sizes:
    designs: int = 10_000
    products: int = 20_000
    movements: int = 200_000
    attempts: int = 50_000


SIZES = Sizes()
Rows = Iterator[dict[str, Any]]


class Lab:
    """All rows of a lab of these sizes, table by table."""

    def __init__(self, dice: random.Random, sizes: Sizes) -> None:
        self.dice, self.sizes = dice, sizes

    def tables(self) -> Iterator[tuple[str, Rows]]:
        """In the order of their foreign keys."""
        yield "partner", ({"id": n, "name": f"Studio {n}", "story": self.words(20)} for n in range(1, 61))
        yield "colour", ({"id": n, "name": name, "hex": "#2f6f4f"} for n, name in enumerate(COLOURS, 1))
        yield "design", self.designs()
        yield "revision", self.revisions()
        yield (
            "review",
            (
                {**self.of(n), "reviewer_id": 1, "verdict": "approved", "fingerprint": f"{n:064x}", "at": DAY}
                for n in self.numbers()
                if n % 9
            ),
        )
        yield (
            "estimate",
            (
                {
                    **self.of(n),
                    "machine": "prusa-mk3s",
                    "source": "slicer",
                    "time_s": self.dice.uniform(900, 60_000),
                }
                for n in self.numbers()
            ),
        )
        yield (
            "picture",
            (
                {**self.of(n), "colour_id": (n + k) % 12 + 1, "sha256": f"{3 * n + k:064x}"}
                for n in self.numbers()
                for k in range(3)
            ),
        )
        yield "collection", ({"id": n, "name": f"Sammlung {n}", "position": n} for n in range(1, 31))
        yield (
            "collection_place",
            (
                {"collection_id": n % 30 + 1, "design_id": n, "position": n}
                for n in self.numbers()
                if n % 3 == 0
            ),
        )
        yield (
            "product",
            (
                {"id": n, "code": CODES.format(n), "design_id": (n + 1) // 2, "colour_id": n % 2 + 1}
                for n in range(1, self.sizes.products + 1)
            ),
        )
        yield (
            "place",
            (
                {"id": n, "name": name, "kind": kind}
                for n, (name, kind) in enumerate(
                    (("Werkstatt", "workshop"), ("Laden", "shop"), ("Werkschau", "event")), 1
                )
            ),
        )
        yield "stock_movement", self.movements()
        yield "stock_balance", self.balances()
        yield (
            "production_order",
            (
                {
                    "id": n,
                    "revision_id": n,
                    "product_id": 2 * n,
                    "pieces": 5,
                    "purpose": "stock",
                    "placed_by_id": 1,
                    "placed_at": DAY,
                    "form_token": str(n),
                }
                for n in self.numbers()
            ),
        )
        yield (
            "slice",
            (
                {
                    "key": f"{n:064x}",
                    "state": "done",
                    "inputs": {},
                    "time_s": 3600.0,
                    "filament_g": 20.0,
                    "filament_mm": 7e3,
                    "queued_at": DAY,
                }
                for n in self.numbers()
            ),
        )
        yield (
            "plate",
            (
                {
                    "id": n,
                    "order_id": n,
                    "number": 1,
                    "machine": "prusa-mk3s",
                    "pieces": 1,
                    "slice_key": f"{n:064x}",
                    "made_at": DAY,
                }
                for n in self.numbers()
            ),
        )
        yield (
            "copy",
            (
                {
                    "id": 5 * n + k,
                    "order_id": n,
                    "number": k,
                    "state": "good" if k < 4 else "open",
                    "plate_id": n,
                }
                for n in self.numbers()
                for k in range(5)
            ),
        )
        yield (
            "printer",
            (
                {
                    "id": n,
                    "name": f"Drucker {n}",
                    "code": f"D{n}",
                    "machine": "prusa-mk3s",
                    "bed": "clear",
                    "site_id": 1,
                    "url": "http://127.0.0.1",
                }
                for n in range(1, 9)
            ),
        )
        yield "attempt", self.attempts()
        yield (
            "attempt_event",
            (
                {"attempt_id": n, "from_state": "printing", "to_state": "reported_done", "at": DAY}
                for n in range(1, self.sizes.attempts + 1)
            ),
        )

    def numbers(self) -> range:
        return range(1, self.sizes.designs + 1)

    def of(self, number: int) -> dict[str, Any]:
        return {"revision_id": number}

    def words(self, count: int) -> str:
        return " ".join(self.dice.choices(STORY, k=count))

    def designs(self) -> Rows:
        for n in self.numbers():
            yield {
                "id": n,
                "name": f"{self.dice.choice(KINDS)} {self.dice.choice(LOOKS)} {n}",
                "story": self.words(45),
                "partner_id": n % 60 + 1 if n % 5 else None,
                "tags": self.dice.sample([*KINDS, "Geschenk", "Flur"], 3),
                "created_by_id": 1,
                "created_at": DAY,
                "archived_at": DAY if n % 25 == 0 else None,
            }

    def revisions(self) -> Rows:
        for n in self.numbers():
            yield {
                "id": n,
                "design_id": n,
                "number": 1,
                "file_name": "a.stl",
                "process": "0.20",
                "material": "pla",
                "fingerprint": f"{n:064x}",
                "file_sha256": f"{n:064x}",
                "mesh_sha256": f"{n:064x}",
                "picture_sha256": f"{n:064x}",
                "preview_sha256": f"{n:064x}",
                "width_mm": self.dice.uniform(20, 300),
                "depth_mm": 50.0,
                "height_mm": 60.0,
                "volume_mm3": 9e4,
                "report": {},
                "part_count": 1,
                "triangles": 1000 + n % 5000,
                "shape": [1.0] * 15,
                "submitted_by_id": 1,
                "submitted_at": DAY + timedelta(minutes=n),
            }

    def movements(self) -> Rows:
        """Of each product twice as much comes in as goes out."""
        for n in range(1, self.sizes.movements + 1):
            sold = n > self.sizes.products * 2 and n % 2
            yield {
                "id": n,
                "at": DAY + timedelta(minutes=n),
                "actor_id": 1,
                "product_id": n % self.sizes.products + 1,
                "place_id": n % 3 + 1,
                "pieces": -1 if sold else 3,
                "reason": "sold" if sold else "produced",
                "previous_hash": f"{n - 1:064x}",
                "hash": f"{n:064x}",
            }

    def balances(self) -> Rows:
        sums: dict[tuple[int, int], int] = {}
        for row in self.movements():
            key = row["product_id"], row["place_id"]
            sums[key] = sums.get(key, 0) + row["pieces"]
        for (product_id, place_id), pieces in sums.items():
            yield {"product_id": product_id, "place_id": place_id, "pieces": max(pieces, 0)}

    def attempts(self) -> Rows:
        for n in range(1, self.sizes.attempts + 1):
            began = DAY + timedelta(minutes=n)
            yield {
                "id": n,
                "plate_id": n % self.sizes.designs + 1,
                "printer_id": n % 8 + 1,
                "token": f"{n:08x}",
                "remote_name": f"makerlab/{n}.gcode",
                "state": "resolved",
                "claimed_at": began,
                "started_at": began,
                "ended_at": began + timedelta(minutes=63),
                "progress": 1.0,
                "good": n % 5 and 1,
                "scrap": 0 if n % 5 else 1,
            }
