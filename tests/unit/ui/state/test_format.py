import pytest

from nst.ui.state import format
from tests.support.studio_page import read


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "less than a second"),
        (1.4, "1 second"),
        (18.4, "18 seconds"),
        (89, "89 seconds"),
        (125, "about 2 minutes"),
    ],
)
def test_duration(seconds: float, said: str) -> None:
    assert format.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds left"),
        (4.9, "a few seconds left"),
        (5, "about 5 seconds left"),
        (23, "about 25 seconds left"),
        (91, "about 2 minutes left"),
        (600, "about 10 minutes left"),
    ],
)
def test_remaining(seconds: float, said: str) -> None:
    assert format.remaining(seconds) == said


@pytest.mark.parametrize(
    ("setting", "said"),
    [(2**0.5, "1.414"), (0.25, "0.25"), (40.0, "40"), (1e-8, "1e-08"), (1024, "1024"), ("lite", "lite")],
)
def test_a_setting(setting: object, said: str) -> None:
    assert format.value(setting) == said


def test_a_place_in_the_queue() -> None:
    assert format.turn(1).endswith("You are next.")
    assert format.turn(3).endswith("You are number 3 in line.")


def test_a_file_name_is_safe_on_every_system() -> None:
    assert format.file_stem("Harbor town", "Night over the Bay") == "harbor-town-night-over-the-bay"
    assert format.file_stem("../Ünsafe: name?", "Your style 2") == "nsafe-name-your-style-2"


def test_forecast_text() -> None:
    assert format.prospect(14.2) == "About 14 seconds"
    assert format.prospect(300) == "About 5 minutes"


def test_a_file_name_of_file_names() -> None:
    assert format.file_stem("IMG_2034.JPG", "night.v2.webp") == "img-2034-night-v2"
    assert format.file_stem("写真.png", "Iris Pond") == "iris-pond"
    assert format.file_stem("写真.png") == "picture"
    assert len(format.file_stem("a" * 300, "b" * 300)) == 121


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("![x](y) [a](b)", r"\!\[x\]\(y\) \[a\]\(b\)"),
        ("<b>", r"\<b\>"),
        (":red[x] $z$ `v`", r"\:red\[x\] \$z\$ \`v\`"),
        ("ä 1", "ä 1"),
    ],
)
def test_text_of_strangers_stays_text(text: str, escaped: str) -> None:
    assert format.literal(text) == escaped


@pytest.mark.parametrize(
    "text",
    [":smile:", ":+1:", ":material/home:", ":streamlit:", "a -> b", "-- b", "a <-> b", ">= ~=", "me@home.example"],
)
def test_what_streamlit_replaces_after_reading_markdown_is_broken_up(text: str) -> None:
    """A character that is not seen stands inside each: escapes are gone by then."""
    said = format.literal(text)
    assert said.replace("\N{WORD JOINER}", "") != said
    assert read(said) == text


def test_a_text_of_several_lines_becomes_one() -> None:
    assert format.literal("a\n\n    b\tc") == "a b c"


def test_addresses_of_strangers_do_not_become_links() -> None:
    for address in ("www.evil.example", "WWW.evil.example", "http://evil.example", "https://evil.example"):
        said = format.literal(address).replace("\\", "")
        assert said != address and said.replace("\N{WORD JOINER}", "") == address


def test_when_a_turn_comes_is_said_as_exactly_as_it_is_known() -> None:
    said = [format.begins(seconds) for seconds in (0, 4.9, 12, 61, 200)]
    assert said == [
        "Yours starts in a few seconds.",
        "Yours starts in a few seconds.",
        "Yours starts in about 10 seconds.",
        "Yours starts in about 60 seconds.",
        "Yours starts in about 3 minutes.",
    ]


def test_hours_are_said_as_people_say_them() -> None:
    assert [format.hours(count) for count in (0.5, 1, 2.5, 24, 48)] == [
        "30 minutes",
        "1 hour",
        "2.5 hours",
        "a day",
        "48 hours",
    ]
