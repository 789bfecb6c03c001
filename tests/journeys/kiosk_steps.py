"""What people do at the kiosk, step by step, and what they see."""

from playwright.sync_api import expect

from tests.journeys.screen import Screen, card_of

MOST_TAPS = 5


def sign_in_by_card(screen: Screen, name: str) -> None:
    screen.open("/kiosk")
    screen.picture("kiosk-karte")
    screen.scan(card_of(screen.lab, name))
    screen.sees(name)
    screen.asks("Was möchten Sie tun?")
    screen.picture("kiosk-start")


def press(screen: Screen, figures: str) -> None:
    """On the large keys of the page, which goes on by itself."""
    for figure in figures:
        screen.page.locator(f"[data-key='{figure}']").click()


def sign_in_by_pin(screen: Screen, number: str, pin: str) -> None:
    screen.open("/kiosk")
    screen.tap("Mit Nummer und PIN")
    screen.asks("Welche Nummer haben Sie?")
    press(screen, number)
    screen.asks("Welche PIN haben Sie?")
    press(screen, pin)


def queue_two(screen: Screen, thing: str, colour: str) -> None:
    """From the first page to a queued order in at most five taps."""
    screen.forget_taps()
    screen.tap("Neuer Auftrag")
    screen.asks("Welches Objekt?")
    screen.picture("kiosk-objekt")
    screen.tap(thing)
    screen.asks("Welche Farbe?")
    screen.picture("kiosk-farbe")
    screen.tap(colour)
    screen.asks("Wie viele Stücke?")
    screen.tap("Mehr")
    screen.sees("Fertig:")
    expect(screen.page.locator("#pieces")).to_have_value("2")
    screen.picture("kiosk-anzahl")
    screen.tap("Auftrag speichern")
    screen.asks("Ihr Auftrag ist gespeichert.")
    screen.picture("kiosk-gespeichert")
    assert screen.taps <= MOST_TAPS


def undo_and_queue_again(screen: Screen) -> None:
    """What was taken back is there again as a draft."""
    screen.tap("Rückgängig machen")
    screen.sees("Der Auftrag ist zurückgenommen.")
    screen.tap("Weitermachen")
    expect(screen.page.locator("#pieces")).to_have_value("2")
    screen.tap("Auftrag speichern")
    screen.asks("Ihr Auftrag ist gespeichert.")


def start_by_label(screen: Screen, label: str) -> None:
    """Scan the printer's label, say that the bed is clear, and start."""
    screen.scan(label)
    screen.asks("Ist das Bett frei?")
    screen.picture("kiosk-bett")
    screen.tap("Ja, Bett ist frei – starten")
    expect(screen.target("Pause", "button")).to_be_visible()
    screen.sees("Druckt")


def pause_and_resume(screen: Screen) -> None:
    screen.tap("Pause", "button")
    expect(screen.target("Weiterdrucken")).to_be_visible()
    screen.tap("Weiterdrucken")
    expect(screen.target("Pause", "button")).to_be_visible()
    screen.picture("kiosk-druckt")


def collect_one_good_one_not(screen: Screen) -> None:
    screen.asks("Bitte holen Sie die Stücke ab.")
    screen.picture("kiosk-fertig")
    screen.tap("Abholen")
    screen.asks("Wie viele sind gut?")
    screen.tap("Weniger")
    expect(screen.page.get_by_label("Gute Stücke")).to_have_value("1")
    screen.picture("kiosk-zaehlen")
    screen.tap("Das Bett ist leer")
    screen.asks("Warum ist ein Stück nicht gut?")
    screen.picture("kiosk-grund")
    screen.tap("Fäden")
    screen.asks("Danke!")
    screen.sees("1 gutes Stück ist im Lager.")
    screen.sees("1 Stück drucken wir noch einmal.")
