"""Uploads in a real browser: large ones while something else happens, refused ones, and strange names."""

from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Request, expect

from tests.support.visitor import add, gallery, settle, start_button

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

# No file name holds a slash, but Markdown reads these as slashes.
STRANGE = (
    "![x](http:&#47;&#47;127.0.0.1:9&#47;x) **b** $a$ :red[c] :smile: :streamlit: <b> www.x.example me@x.example.png"
)
TRIES = 2


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of 20 megapixels, as phones take them."""
    path = tmp_path_factory.mktemp("large") / "IMG_2034.jpg"
    grain = np.random.default_rng(1).integers(0, 255, (456, 684, 3), dtype=np.uint8)
    Image.fromarray(grain).resize((5472, 3648), Image.Resampling.BICUBIC).save(path, quality=90)
    return path


def test_a_large_photo_is_kept_when_a_style_is_chosen_meanwhile(page: Page, large: Path) -> None:
    names = [large.name, *(f"{large.stem} ({number}).jpg" for number in range(2, TRIES + 1))]
    for name, style in zip(names, ["Great Swell", "Night over the Bay"] * TRIES, strict=False):
        place = page.locator(".st-key-add-photo input[type=file]")
        place.set_input_files(large)
        page.wait_for_timeout(100)  # within half a second
        gallery(page, "style").get_by_role("radio", name=style).check(force=True)
        expect(gallery(page, "photo").get_by_role("radio", name=name, exact=False)).to_be_checked()
        expect(gallery(page, "style").get_by_role("radio", name=style)).to_be_checked()
        settle(page)
        expect(page.locator(".st-key-status")).to_contain_text(name)


def test_the_error_of_a_bad_photo_gives_way_to_that_of_the_next(page: Page, tmp_path: Path, photo: Path) -> None:
    bad, refused = tmp_path / "letter.png", tmp_path / "letter.txt"
    for each in (bad, refused):
        each.write_text("Dear Sir or Madam")
    place = page.locator(".st-key-add-photo input[type=file]")
    place.set_input_files(bad)
    ours = page.locator(".st-key-refused-photo")
    expect(ours).to_contain_text("'letter.png'")
    settle(page)
    place.set_input_files(refused)
    expect(page.locator(".st-key-add-photo")).to_contain_text("letter.txt")
    expect(ours).to_be_hidden()
    add(page, "photo", photo)
    expect(ours).to_have_count(0)


def test_a_strange_name_is_shown_as_it_is_and_asks_nobody(page: Page, server: str, tmp_path: Path, photo: Path) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).netloc not in {urlsplit(server).netloc, ""}:
            asked.append(request.url)

    page.on("request", note)
    bad, good = tmp_path / STRANGE, tmp_path / f"2 {STRANGE}"
    bad.write_text("Dear Sir or Madam")
    good.write_bytes(photo.read_bytes())
    page.locator(".st-key-add-photo input[type=file]").set_input_files(bad)
    refused = page.locator(".st-key-refused-photo")
    expect(refused).to_contain_text("**b** $a$ :red[c]")
    assert_plain(refused, STRANGE)
    for kind in ("photo", "style"):
        page.locator(f".st-key-add-{kind} input[type=file]").set_input_files(good)
        added = gallery(page, kind).locator("[data-testid=stRadioOption][data-selected]", has_text="$a$")
        expect(added).to_be_visible()
        assert_plain(added, good.name)
        settle(page)
    start_button(page).click()
    expect(page.get_by_role("button", name="Stop here")).to_be_visible()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Save picture")).to_be_visible()
    settle(page)
    page.locator(".st-key-gallery-history [data-testid=stRadioOption]").first.click()
    expect(page.locator(".st-key-history-actions")).to_be_visible()
    assert page.locator('.st-key-gallery-history ~ * a, [data-testid="stMain"] a[href*="example"]').count() == 0
    assert page.locator('img[src*="127.0.0.1:9"], a[href*="127.0.0.1:9"]').count() == 0
    page.remove_listener("request", note)
    assert not asked


def assert_plain(element: Locator, text: str) -> None:
    """Find the text there as it is, and nothing of what it could have become."""
    shown = element.inner_text().replace("\N{WORD JOINER}", "")
    assert text in shown
    assert element.locator("p a, p strong, p .katex, p [data-testid=stIconMaterial], p span[style]").count() == 0
