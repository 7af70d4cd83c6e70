import pytest

from nst.errors import SettingsError
from nst.jobs.limits import Limits


def test_without_a_word_there_is_one_home_of_the_numbers() -> None:
    assert Limits.of({}) == Limits.of({"NST_MAX_RUNNING": " "}) == Limits()


def test_the_environment_says_otherwise() -> None:
    asked = {
        "NST_MAX_RUNNING": "2", "NST_MAX_WAITING": "3", "NST_MAX_PER_SESSION": "4", "NST_GRACE_SECONDS": "0",
        "NST_KEEP_HOURS": "0.5", "NST_KEEP_MB": "100", "NST_UPLOADS_MB": "50",
    }  # fmt: skip
    assert Limits.of(asked) == Limits(
        running=2, waiting=3, per_session=4, grace=0, kept_hours=0.5, kept_megabytes=100, uploads_megabytes=50
    )


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "nan", "inf", "1e9999"])
def test_invalid_limits_are_refused_by_name(text: str) -> None:
    with pytest.raises(SettingsError, match=f"NST_MAX_RUNNING must be a whole number of at least 1, received '{text}'"):
        Limits.of({"NST_MAX_RUNNING": text})


@pytest.mark.parametrize("text", ["-1", "soon", "nan", "inf"])
def test_hours_are_any_number_from_zero(text: str) -> None:
    with pytest.raises(SettingsError, match=f"NST_KEEP_HOURS must be a number of at least 0, received '{text}'"):
        Limits.of({"NST_KEEP_HOURS": text})
