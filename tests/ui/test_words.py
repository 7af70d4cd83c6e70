import pytest

from nst.ui import words


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
    assert words.duration(seconds) == said


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
    assert words.remaining(seconds) == said


def test_a_place_in_the_queue() -> None:
    assert words.turn(1).endswith("You are next.")
    assert words.turn(3).endswith("You are number 3 in line.")


def test_a_file_name_is_safe_on_every_system() -> None:
    assert words.file_stem("Harbor town", "Night over the Bay") == "harbor-town-night-over-the-bay"
    assert words.file_stem("../Ünsafe: name?", "Your style 2") == "nsafe-name-your-style-2"


def test_what_is_said_beforehand() -> None:
    assert words.prospect(14.2) == "Takes 14 seconds on this machine."
    assert words.prospect(300) == "Takes about 5 minutes on this machine."
