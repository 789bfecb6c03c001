"""What `designs` refuses, by its code: the status of the answer, one sentence, and a way out."""

from typing import Any

from makerlab.core.errors import Invalid, MakerlabError, TooLarge, WrongKind
from makerlab.core.language import lazy

AGAIN = lazy("Exportieren Sie das Objekt noch einmal.")
AS_STL = lazy("Exportieren Sie das Objekt noch einmal als STL.")
WHOLE = lazy("Kopieren oder exportieren Sie die Datei noch einmal.")
COARSER = lazy("Exportieren Sie das Objekt gröber, mit weniger Dreiecken.")
ONLY_OBJECT = lazy("Exportieren Sie nur das eine Objekt.")
UNIT = lazy("Prüfen Sie die Maßeinheit und exportieren Sie noch einmal.")
FROM_LIST = lazy("Wählen Sie eine aus der Liste.")

REFUSALS: dict[str, tuple[type[MakerlabError], Any, Any]] = {
    # another thing than a mesh
    "wrong_kind": (
        WrongKind,
        lazy("Das ist keine Datei mit einem 3D-Objekt."),
        lazy("Wählen Sie eine Datei mit STL, 3MF, OBJ, PLY oder OFF."),
    ),
    "unsupported_extension": (WrongKind, lazy("Diese 3MF-Datei braucht mehr als einfache Dreiecke."), AS_STL),
    # beyond a limit
    "file_too_large": (TooLarge, lazy("Die Datei ist größer als %(at_most)s MB."), COARSER),
    "too_many_triangles": (TooLarge, lazy("Das Objekt hat mehr als %(at_most)s Dreiecke."), COARSER),
    "too_many_entries": (TooLarge, lazy("Die 3MF-Datei hat mehr als %(at_most)s Teile."), ONLY_OBJECT),
    "too_many_copies": (TooLarge, lazy("Die 3MF-Datei kopiert ihre Teile zu oft."), ONLY_OBJECT),
    "bomb": (TooLarge, lazy("Die 3MF-Datei ist ausgepackt viel zu groß."), COARSER),
    "too_slow": (TooLarge, lazy("Das Lesen der Datei dauert zu lange."), COARSER),
    "too_much_memory": (TooLarge, lazy("Das Objekt ist zu fein, um es hier zu lesen."), COARSER),
    # not whole, or not readable
    "empty_file": (Invalid, lazy("Die Datei ist leer."), AGAIN),
    "too_short": (Invalid, lazy("Die Datei ist zu kurz für eine STL-Datei."), AGAIN),
    "truncated": (Invalid, lazy("Die Datei hört mittendrin auf."), WHOLE),
    "not_understood": (Invalid, lazy("Die Datei ist nicht lesbar."), AS_STL),
    "unreadable": (
        Invalid,
        lazy("Die Datei ließ sich nicht lesen."),
        lazy("Reparieren Sie die Datei oder exportieren Sie noch einmal."),
    ),
    "decimal_comma": (
        Invalid,
        lazy("In der Datei stehen Kommas statt Punkte in den Zahlen."),
        lazy("Exportieren Sie das Objekt als binäre STL-Datei."),
    ),
    "not_a_number": (
        Invalid,
        lazy("Die Datei enthält Punkte, die keine Zahlen sind."),
        lazy("Reparieren Sie die Datei oder exportieren Sie noch einmal."),
    ),
    "bad_index": (Invalid, lazy("Die Datei nennt Ecken, die es nicht gibt."), AGAIN),
    "broken_archive": (Invalid, lazy("Die 3MF-Datei ist beschädigt."), WHOLE),
    "encrypted": (
        Invalid,
        lazy("Die 3MF-Datei ist verschlüsselt."),
        lazy("Exportieren Sie sie ohne Passwort."),
    ),
    "unsafe_archive": (Invalid, lazy("Die 3MF-Datei enthält unsichere Namen oder Verweise."), AGAIN),
    "doubled_names": (Invalid, lazy("Die 3MF-Datei enthält denselben Namen zweimal."), AGAIN),
    "doctype": (Invalid, lazy("Die 3MF-Datei enthält Angaben, die wir nicht annehmen."), AS_STL),
    "too_deep": (Invalid, lazy("Die 3MF-Datei ist zu tief verschachtelt."), AS_STL),
    "circular": (Invalid, lazy("Ein Teil der 3MF-Datei enthält sich selbst."), AS_STL),
    "missing_object": (Invalid, lazy("Die 3MF-Datei nennt ein Teil, das in ihr fehlt."), AGAIN),
    "no_model": (Invalid, lazy("Die 3MF-Datei enthält kein Objekt."), ONLY_OBJECT),
    "nothing_to_print": (Invalid, lazy("Die 3MF-Datei nennt nichts zum Drucken."), ONLY_OBJECT),
    # no object that can be printed
    "no_triangles": (Invalid, lazy("Die Datei enthält keine Dreiecke."), ONLY_OBJECT),
    "out_of_range": (Invalid, lazy("Das Objekt reicht weiter als einen Kilometer."), UNIT),
    "too_intricate": (
        Invalid,
        lazy("Das Objekt hat zu viele feine Teile."),
        lazy("Exportieren Sie das Objekt gröber, mit weniger Dreiecken."),
    ),
    "too_small": (Invalid, lazy("Das Objekt ist kleiner als ein Staubkorn."), UNIT),
    "unknown_unit": (
        Invalid,
        lazy("Die 3MF-Datei hat eine unbekannte Maßeinheit."),
        lazy("Exportieren Sie sie in Millimetern."),
    ),
    "not_repairable": (
        Invalid,
        lazy("Diese Form lässt sich nicht sicher reparieren."),
        lazy("Reparieren Sie sie dort, wo sie gezeichnet ist."),
    ),
    # print settings
    "unknown_machine": (Invalid, lazy("Diesen Druckertyp gibt es nicht mehr."), FROM_LIST),
    "unknown_process": (Invalid, lazy("Diese Einstellung gibt es nicht mehr."), FROM_LIST),
    "unknown_material": (Invalid, lazy("Dieses Material gibt es nicht mehr."), FROM_LIST),
    "profile_invalid": (
        Invalid,
        lazy("Ein Druckprofil der Werkstatt ist fehlerhaft."),
        lazy("Sagen Sie der Administration Bescheid."),
    ),
}
