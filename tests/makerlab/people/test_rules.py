from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makerlab.people import rules
from makerlab.people.rules import ADDRESS, EMAIL, KIOSK, PERSON, Gate, gate

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _failures(count: int, every: timedelta = SECOND, last: datetime = NOW) -> list[datetime]:
    return [last - every * n for n in range(count)]


@pytest.mark.parametrize("count", range(5))
def test_four_failures_cost_nothing(count: int) -> None:
    assert gate(_failures(count), PERSON, NOW).open


@pytest.mark.parametrize(("count", "seconds"), [(5, 30), (6, 60), (7, 120), (8, 240), (9, 480)])
def test_from_the_fifth_on_each_failure_costs_twice_as_long(count: int, seconds: int) -> None:
    free_at = NOW + timedelta(seconds=seconds)
    assert gate(_failures(count), PERSON, NOW) == Gate(wait_until=free_at)
    assert not gate(_failures(count), PERSON, free_at - SECOND).open
    assert gate(_failures(count), PERSON, free_at).open


def test_ten_failures_of_a_person_need_somebody_however_long_ago() -> None:
    assert gate(_failures(10, timedelta(days=3)), PERSON, NOW + timedelta(days=100)).locked


def test_a_kiosk_bears_that_many_people_mistype_during_a_day() -> None:
    assert gate(_failures(40, timedelta(minutes=12)), KIOSK, NOW).open


def test_guessing_as_fast_as_the_delays_allow_locks_the_kiosk_for_good() -> None:
    failures: list[datetime] = []
    now = NOW
    while not (shut := gate(failures, KIOSK, now)).locked:
        if shut.wait_until:
            now = shut.wait_until
        else:
            failures.append(now)
        assert len(failures) <= 10
    assert gate(failures, KIOSK, now + timedelta(days=30)).locked


@pytest.mark.parametrize("patience", [EMAIL, ADDRESS])
def test_failures_from_afar_lock_nobody_out_for_good(patience: rules.Patience) -> None:
    failures = _failures(patience.lock_after)
    shut = gate(failures, patience, NOW)
    assert shut.wait_until
    assert patience.window
    assert NOW < shut.wait_until <= NOW + patience.window
    assert gate(failures, patience, NOW + patience.window + SECOND).open


@given(st.lists(st.integers(0, 10**6), max_size=70), st.sampled_from([PERSON, KIOSK, EMAIL, ADDRESS]))
def test_a_gate_never_opens_earlier_than_it_says(seconds: list[int], patience: rules.Patience) -> None:
    failures = [NOW - timedelta(seconds=s) for s in seconds]
    shut = gate(failures, patience, NOW)
    assert shut == gate(failures[::-1], patience, NOW)
    if shut.wait_until:
        assert shut.wait_until > NOW


@pytest.mark.parametrize(
    "pin", ["111111", "123456", "654321", "121212", "890123", "12345", "1234567", "25803x", "", "٢٥٨٠٣٦"]
)
def test_easy_and_odd_pins_will_not_do(pin: str) -> None:
    assert not rules.pin_will_do(pin)


def test_a_mixed_pin_will_do() -> None:
    assert rules.pin_will_do("258036")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  Gül   Aydın ", "Gül Aydın"),
        ("Олена Шевченко", "Олена Шевченко"),
        ("محمد الأحمد", "محمد الأحمد"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("{{7*7}}", "{{7*7}}"),
        ("", None),
        ("   ", None),
        ("\u200d", None),
        ("x" * 121, None),
        ("a\0b", None),
        ("a\u202eb", None),
        ("\ud800", None),
    ],
)
def test_names_of_all_scripts_are_kept_and_hidden_characters_refused(name: str, kept: str | None) -> None:
    assert rules.clean_name(name) == kept


@pytest.mark.parametrize(
    "email",
    ["x", "a@b", "a b@c.de", "a@b.de\r\nBcc: c@d.de", "<a@b.de>", "a@b.de,c@d.de", "ä@" + "x" * 255 + ".de"],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert rules.clean_email(email) is None


def test_addresses_are_compared_in_one_form() -> None:
    assert rules.clean_email("  Emil@Makerlab.Example ") == "emil@makerlab.example"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil",
        "",
        "/a\r\nb",
        "javascript:alert(1)",
    ],
)
def test_a_way_out_of_the_house_is_no_path(target: str) -> None:
    assert rules.local_path(target) is None


@pytest.mark.parametrize("target", ["/", "/personen?q=a%20b", "/a//b"])
def test_own_pages_are_paths(target: str) -> None:
    assert rules.local_path(target) == target


@given(st.text(), st.integers(1, 200))
def test_searching_takes_any_text(text: str, longest: int) -> None:
    clean = rules.clean_text(text, longest)
    assert len(clean) <= longest
    assert "\0" not in clean


def test_who_holds_power_is_managed_by_equals_only() -> None:
    assert not rules.may_manage({"administrator"}, {"coordinator", "instructor"})
    assert rules.may_manage({"administrator"}, {"administrator"})
    assert rules.may_manage({"trainee"}, {"coordinator"})
