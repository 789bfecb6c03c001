"""Adding a printer, one calm step after the other: address, key, device. Nothing is stored before the end."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from makerlab.core.clock import utcnow
from makerlab.core.crypto import decrypt, encrypt
from makerlab.core.database import db
from makerlab.core.errors import Invalid, MakerlabError
from makerlab.core.language import _
from makerlab.core.web import settings
from makerlab.fleet import actions, rules, words
from makerlab.fleet.connection import Trial, good, trials
from makerlab.fleet.draft import Draft, draft, drop
from makerlab.fleet.forms import LONGEST_KEY, DeviceForm
from makerlab.fleet.frame import blueprint, keepers, let_go, offered
from printers.appkeys import KeyDesk, Pending
from printers.errors import HostError
from printers.examine import Step
from printers.octoprint import OctoPrintHost

APP = "makerlab"
PATIENCE_S = 4.0


@blueprint.get("/neu")
@keepers
def new() -> str:
    """Where is it?"""
    begun = draft()
    return render_template("fleet/new_address.html", url=begun.url if begun else "", error="")


@blueprint.post("/neu")
@keepers
def look() -> Any:
    """Look at the address; what came of it stands on the next page."""
    url = rules.read_address(request.form.get("url", ""))
    let_go()
    try:
        actions.check_address(url, settings())
    except Invalid as error:
        typed = request.form.get("url", "")[: rules.LONGEST_ADDRESS]
        return render_template("fleet/new_address.html", url=typed, error=error.message), 422
    _look_at(Draft(url))
    return _to_key()


@blueprint.post("/neu/nochmal")
@keepers
def look_again() -> Response:
    _look_at(_begun())
    return _to_key()


@blueprint.post("/neu/zertifikat")
@keepers
def trust_new() -> Response:
    """A person compared the fingerprint: from now on exactly this certificate."""
    begun = _begun()
    shown = next((one.sha256 for one in begun.tried if one.sha256), "")
    if not shown or request.form.get("sha256") != shown:
        raise Invalid(_("Dieses Zertifikat hat niemand angesehen."), way_out=_("Testen Sie noch einmal."))
    _look_at(begun.kept(certificate=shown))
    return _to_key()


@blueprint.get("/neu/schluessel")
@keepers
def key() -> Any:
    """What answers there, and how to get a key."""
    begun = draft()
    if begun is None:
        return redirect(url_for(".new"))
    return render_template(
        "fleet/new_key.html", draft=begun, reached=good(begun.tried, Step.OCTOPRINT), page=_desk_page(begun)
    )


@blueprint.post("/neu/schluessel")
@keepers
def take_key() -> Any:
    """A key that somebody typed."""
    begun, typed = _begun(), request.form.get("api_key", "").strip()
    if not 0 < len(typed) <= LONGEST_KEY or not typed.isascii() or not typed.isprintable():
        raise Invalid(_("Das ist kein Schlüssel."), way_out=_("Kopieren Sie ihn aus OctoPrint."))
    tried = _tried(begun, typed)
    if not good(tried, Step.KEY):
        begun.kept(tried=tried)
        return _to_key()
    _with_key(begun, typed, tried)
    return redirect(url_for(".device"), code=303)


@blueprint.post("/neu/anfrage")
@keepers
def ask_key() -> Response:
    """Ask OctoPrint for a key; a person confirms there."""
    begun, user = _begun(), rules.tidy(request.form.get("user", ""))[:60]
    with _desk(begun) as desk:
        try:
            begun.kept(token=desk.ask(APP, user), user=user)
        except HostError as error:
            raise Invalid(words.trouble(error), way_out=_("Geben Sie einen Schlüssel ein.")) from error
    return _to_key()


@blueprint.get("/neu/anfrage/stand")
@keepers
def asked() -> Any:
    """Asked for every two seconds: OctoPrint forgets a request that nobody asks after."""
    begun = draft()
    if begun is None or not begun.token:
        return _swap(".key")
    let_go()
    with _desk(begun) as desk:
        try:
            answer = desk.answer(begun.token)
        except HostError as error:
            return render_template(
                "fleet/_waiting.html", page=_desk_page(begun), trouble=words.trouble(error)
            )
    if answer is Pending.WAITING:
        return render_template("fleet/_waiting.html", page=_desk_page(begun), trouble="")
    if answer is Pending.GONE:
        begun.kept(token="")
        flash(_("Niemand hat bestätigt. Fragen Sie noch einmal."), "warning")
        return _swap(".key")
    _with_key(begun, answer, _tried(begun, answer))
    return _swap(".device")


@blueprint.get("/neu/geraet")
@keepers
def device() -> Any:
    """Which machine it is, and what it is called."""
    begun = draft()
    if begun is None or not begun.key_encrypted:
        return redirect(url_for(".new"))
    return _device_page(offered(DeviceForm(camera_url=begun.camera)), begun)


@blueprint.post("/neu/geraet")
@keepers
def add() -> Any:
    begun, form = draft(), offered(DeviceForm())
    if begun is None or not begun.key_encrypted:
        return redirect(url_for(".new"), code=303)
    if not form.validate_on_submit():
        return _device_page(form, begun), 422
    try:
        printer = actions.add_printer(
            db.session, name=form.name.data, machine=form.machine.data, site_id=form.site_id.data,
            url=begun.url, api_key=decrypt(begun.key_encrypted, settings().printer_key),
            certificate=begun.certificate, camera_url=form.camera_url.data or "", firmware=begun.firmware,
            settings=settings(), by_id=current_user.id, now=utcnow(),
        )  # fmt: skip
        db.session.commit()
    except MakerlabError as error:
        db.session.rollback()
        form.form_errors.append(f"{error.message} {error.way_out}".strip())
        return _device_page(form, begun), error.status
    drop()
    flash(_("Der Drucker ist eingetragen. Kleben Sie sein Etikett auf."), "success")
    return redirect(url_for(".edit", printer_id=printer.id), code=303)


def _device_page(form: DeviceForm, begun: Draft) -> str:
    return render_template("fleet/new_device.html", form=form, draft=begun)


def _tried(begun: Draft, typed: str = "") -> list[Trial]:
    return trials(begun.url, settings(), key=typed, certificate=begun.certificate)


def _look_at(begun: Draft) -> None:
    """Without a key: is OctoPrint there?"""
    begun.kept(tried=_tried(begun), key_encrypted="", token="")


def _with_key(begun: Draft, typed: str, tried: list[Trial]) -> None:
    """Keep the key, and read what can be read with it."""
    with _host(begun, typed) as host:
        firmware, camera = None, ""
        with suppress(HostError):  # it is busy or its printer is off: read later
            limits = host.limits()
            firmware = asdict(limits) if limits else None
        with suppress(HostError):
            camera = host.camera()
    begun.kept(
        key_encrypted=encrypt(typed, settings().printer_key), token="", tried=tried, firmware=firmware,
        camera=camera[: rules.LONGEST_ADDRESS],
    )  # fmt: skip


def _begun() -> Draft:
    """The draft; from here on in no transaction."""
    begun = draft()
    if begun is None:
        raise Invalid(_("Diese Seite war zu lange offen."), way_out=_("Beginnen Sie mit der Adresse."))
    let_go()
    return begun


@contextmanager
def _host(begun: Draft, typed: str) -> Iterator[OctoPrintHost]:
    host = OctoPrintHost(
        begun.url, typed, connect_s=PATIENCE_S, read_s=PATIENCE_S, certificate=begun.certificate,
        allowed_networks=settings().printer_networks.split(","),
    )  # fmt: skip
    with closing(host):
        yield host


@contextmanager
def _desk(begun: Draft) -> Iterator[KeyDesk]:
    desk = KeyDesk(
        begun.url, patience_s=PATIENCE_S, certificate=begun.certificate,
        allowed_networks=settings().printer_networks.split(","),
    )  # fmt: skip
    with closing(desk):
        yield desk


def _desk_page(begun: Draft) -> str:
    """Where a person confirms, while a request is under way."""
    if not begun.token:
        return ""
    with _desk(begun) as desk:
        return desk.page(begun.token)


def _to_key() -> Response:
    return redirect(url_for(".key"), code=303)


def _swap(endpoint: str) -> Response:
    """Send the page that polls on to another one."""
    return Response("", 200, {"HX-Redirect": url_for(endpoint)})
