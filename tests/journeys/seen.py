"""What can be measured on a screen: barriers, sizes, requests; and the list of all screens."""

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from werkzeug.routing import Rule

from makerlab.core.access import Role
from tests.journeys.screen import Screen

# Fragments that pages fetch, files, and pages that send on to another one.
NO_SCREENS = {
    "catalog.design_list", "catalog.document", "catalog.download", "catalog.export_zip", "catalog.marks",
    "catalog.picture", "catalog.preview",
    "catalog.profile_file", "sales.royalties_csv",
    "catalog.repair_file", "catalog.review_sample", "fleet.asked", "fleet.device", "fleet.key",
    "fleet.limits_file", "kiosk.calls", "kiosk.order_now", "kiosk.orders_now", "kiosk.printer_now",
    "kiosk.printers_now", "kiosk.wake", "notices.bell", "people.data_of", "people.own_data", "people.start",
    "production.big_wall_now", "production.camera_picture", "production.curves", "production.healthz",
    "production.layers_gcode", "production.layers_times", "production.order_now", "production.photo",
    "production.printer_now", "production.wall_now", "sales.label_target", "sales.labels_pdf",
    "sales.list_file", "sales.place_labels", "sales.visit_form", "sales.visit_picture", "sales.worker",
    "static",
}  # fmt: skip
# Who looks at a screen that several may open: the first of these; at those of sales, on the phone, sales.
LOOKERS = (Role.INSTRUCTOR, Role.SALES, Role.LIAISON, Role.COORDINATOR, Role.ADMINISTRATOR)
GRAVE = ("serious", "critical")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Screens = dict[str, tuple[str, frozenset[Role] | None]]  # endpoint → (path, who may open it; None: anybody)
TARGET_PX = 64
MOST_CHOICES = 5

# target-size: axe measures the words of a link, not the card that it fills; SMALL does.
AXE = """levels => axe.run({
    runOnly: {type: 'tag', values: levels}, rules: {'target-size': {enabled: false}},
    resultTypes: ['violations']})"""
# After a change of the window's size things take some frames to stand where they will stand.
SIDEWAYS = """() => new Promise(done => {
    const ends = performance.now() + 2000
    const look = () => {
        const over = document.documentElement.scrollWidth - innerWidth
        if (over <= 0 || performance.now() > ends) done(over)
        else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
})"""
DOWN = "() => document.documentElement.scrollHeight - innerHeight"
CHOICES = "() => document.querySelectorAll('.choices > *, .kiosk-content .card-grid > *, .design-row').length"
# A link on a card is as large as the card.
SMALL = """least => [...document.querySelectorAll('a, button, summary, select')]
    .filter(one => one.checkVisibility() && !one.matches('.skip'))
    .map(one => [one.innerText, one.closest('.design-card, .printer-card, .design-row') ?? one])
    .map(([words, one]) => [words, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < least || box.height < least))
    .map(([words, box]) => `${words} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


@dataclass
class Seen:
    """What was found on all screens, each entry with its address."""

    visited: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    scrolling: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    crowded: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def screens_of(app: Flask, values: dict[str, Any]) -> Screens:
    """Every GET route that is a screen."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    adapter = app.url_map.bind("")
    return {
        rule.endpoint: (adapter.build(rule.endpoint, _arguments(rule, values)), _access(app, rule))
        for rule in rules
        if rule.endpoint not in NO_SCREENS
    }


def _arguments(rule: Rule, values: dict[str, Any]) -> dict[str, Any]:
    """`kiosk.code` is used before `code`, where one name means two things."""
    feature = rule.endpoint.partition(".")[0]
    return {name: values.get(f"{feature}.{name}", values.get(name)) for name in rule.arguments}


def _access(app: Flask, rule: Rule) -> frozenset[Role] | None:
    return getattr(app.view_functions[rule.endpoint], "access", None)


def looker(endpoint: str, access: frozenset[Role]) -> Role | None:
    """Who looks at this screen of the desk or the phone; None: only trainees may."""
    if endpoint.startswith("sales.") and Role.SALES in access:
        return Role.SALES
    return next((role for role in LOOKERS if role in access), None)


def look(screen: Screen, path: str, seen: Seen, *, barriers: bool = True) -> None:
    """Open one screen and note everything, at its own width and at that of a phone or a desk."""
    _open(screen, path, seen, barriers=barriers)
    _sideways(screen, path, seen)


def _open(screen: Screen, path: str, seen: Seen, *, barriers: bool) -> None:
    screen.open(path)
    seen.visited.append(path)
    if barriers:
        seen.barriers += [f"{path}: {one}" for one in _barriers(screen)]


def _sideways(screen: Screen, path: str, seen: Seen) -> None:
    size = screen.page.viewport_size
    assert size is not None
    for width, height in ((1280, 800), (390, 844)):
        screen.page.set_viewport_size({"width": width, "height": height})
        over = screen.page.evaluate(SIDEWAYS)
        seen.sideways += [f"{path}: {over} px at {width}"] * (over > 0)
    screen.page.set_viewport_size(size)


def look_at_kiosk(screen: Screen, path: str, seen: Seen, *, barriers: bool = True) -> None:
    """Also what is promised for the kiosk alone."""
    _open(screen, path, seen, barriers=barriers)
    over = screen.page.evaluate(DOWN)
    seen.scrolling += [f"{path}: {over} px"] * (over > 0)
    seen.small += [f"{path}: {one}" for one in screen.page.evaluate(SMALL, TARGET_PX)]
    choices = screen.page.evaluate(CHOICES)
    seen.crowded += [f"{path}: {choices}"] * (choices > MOST_CHOICES)
    _sideways(screen, path, seen)


def _barriers(screen: Screen) -> list[str]:
    screen.page.evaluate(AXE_SCRIPT)
    found = screen.page.evaluate(AXE, LEVELS)["violations"]
    return [
        f"{one['id']} ({one['impact']}) {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
