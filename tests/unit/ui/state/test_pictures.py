"""Pictures as the page shows them."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nst.errors import InputError
from nst.images import io as images
from nst.models.stylizers.trained_style import TrainedStyle, write
from nst.system.recent import Recent
from nst.ui.state import pictures
from nst.ui.state.pictures import ImageChoice, decoded, is_transparent, shown, thumbnail
from tests.support.pictures import gradient

PHOTO = gradient(90, 60)


def choice(token: str, pixels: np.ndarray = PHOTO) -> ImageChoice:
    return ImageChoice(token, token, token, images.encode(pixels, "png"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the decoded images, as in errors; the cache is empty at first."""
    labels: list[str] = []
    decode = images.decode

    def counted(source: object, label: str, *more: object, **named: object) -> object:
        labels.append(label)
        return decode(source, label, *more, **named)

    monkeypatch.setattr(images, "decode", counted)
    monkeypatch.setattr(pictures, "_decoded", Recent(100_000))
    return labels


def test_an_image_is_decoded_once_for_all_uses(read: list[str]) -> None:
    photo = choice("decoded-once")
    np.testing.assert_array_equal(decoded(photo).rgb, PHOTO)
    assert thumbnail(photo).startswith("data:image/jpeg") and not is_transparent(photo)
    assert decoded(choice("decoded-once")) is decoded(photo)
    assert read == ["decoded-once"]


def test_a_thumbnail_takes_no_room_in_the_cache(read: list[str]) -> None:
    photo = choice("small-only")
    thumbnail(photo)
    decoded(photo)
    assert len(read) == 2


def test_decoded_images_take_limited_memory(read: list[str]) -> None:
    clear = np.dstack([PHOTO, np.full(PHOTO.shape[:2], 99, np.uint8)])  # 54 kB of all its versions, one opaque 16 kB
    for photo in (choice("clear", clear), choice("one"), choice("two"), choice("three"), choice("two")):
        decoded(photo)
    assert read == ["clear", "one", "two", "three"]
    decoded(choice("clear", clear))
    assert read[4:] == ["clear"]
    decoded(choice("huge", gradient(300, 200)))  # 180 kB: not kept, and nothing makes way for it
    decoded(choice("clear", clear))
    assert read[5:] == ["huge"]


def test_a_trained_style_is_shown_by_its_picture_and_is_no_photo(read: list[str], tmp_path: Path) -> None:
    write(TrainedStyle("mine", PHOTO, np.zeros(1, np.float32), ""), tmp_path / "mine.npz")
    trained = ImageChoice("mine", "mine", "mine", (tmp_path / "mine.npz").read_bytes())
    assert decoded(trained).rgb.shape == PHOTO.shape
    with pytest.raises(InputError, match="my photo"):
        pictures.decoded_file(trained, "my photo")


@pytest.mark.parametrize(("channels", "format", "mode"), [(3, "jpeg", "RGB"), (4, "webp", "RGBA")])
def test_frames_are_soon_made_and_stay_transparent_where_they_are(channels: int, format: str, mode: str) -> None:
    pixels = np.full((60, 90, channels), 120, np.uint8)
    pixels[:, :45] = 40
    picture = shown(pixels, 30)
    kind, _, data = picture.uri.partition(",")
    assert kind == f"data:image/{format};base64" and picture.size == (30, 20)
    with Image.open(BytesIO(b64decode(data))) as found:
        assert (found.mode, found.size) == (mode, (30, 20))
        np.testing.assert_allclose(np.asarray(found)[10, [5, 25]].astype(float), pixels[30, [15, 75]], atol=6)
