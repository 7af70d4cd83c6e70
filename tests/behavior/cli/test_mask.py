"""nst mask: a photo in, a mask out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from skimage import data

from nst import masks
from nst.images import io as images
from tests.support.cli_runs import names, run, size


@pytest.fixture(autouse=True)
def person(folder):
    """person.png in the current folder, with a face, a subject and no sky."""
    photo = images.fit(data.astronaut(), 300)
    images.write(photo, "person.png")
    return photo


@pytest.mark.parametrize("of", ["subject", "background", "faces"])
def test_the_mask_is_white_where_it_is(of, person, capsys):
    assert run(f"mask person.png --of {of} -o mask.png") == 0
    assert capsys.readouterr() == ("mask.png\n", "")
    written = images.read("mask.png").rgb
    assert np.abs(written / 255 - getattr(masks, of)(person)[..., None]).max() <= 0.5 / 255 + 1e-6


def test_a_box_says_which_subject(person):
    assert run("mask person.png --of subject --box 180,20,100,130.5 -o mask.png") == 0
    expected = masks.subject(person, (180, 20, 100, 130.5))
    assert np.array_equal(images.read("mask.png").rgb[..., 0], images.to_pixels(expected))


def test_alpha_is_what_is_opaque():
    pixels = np.full((40, 60, 4), (0, 160, 0, 255), np.uint8)
    pixels[:, 30:, 3] = 51
    Image.fromarray(pixels).save("cutout.png")
    assert run("mask cutout.png --of alpha -o mask.png") == 0
    assert images.read("mask.png").rgb[0, [0, 59], 0].tolist() == [255, 51]
    assert size("mask.png") == (60, 40)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("person.png --of sky -o out.png", 1, "No sky was found in 'person.png'."),
        ("red.png --of faces -o out.png", 1, "No face was found in 'red.png'"),
        ("red.png --of subject -o out.png", 1, "No subject was found in 'red.png'"),
        ("red.png --of background -o out.png", 1, "No background was found in 'red.png'"),
        ("red.png --of alpha -o out.png", 1, "'red.png' has no transparency"),
        ("lost.png --of sky -o out.png", 1, "photo 'lost.png': no such file"),
        (
            "person.png --of sky --box 1,2,3,4 -o out.png",
            1,
            "A box works only for subject and background, received one",
        ),
        ("person.png --of subject --box 1,2,3 -o out.png", 1, "--box must be four numbers X,Y,W,H"),
        ("person.png --of subject --box 900,0,30,40 -o out.png", 1, "cannot be used with a photo of 300 x 300"),
        ("person.png --of subject --box 1,a -o out.png", 2, "argument --box: invalid numbers value: '1,a'"),
        ("person.png --of moon -o out.png", 2, "argument --of: invalid choice: 'moon'"),
        ("person.png -o out.png", 2, "--of"),
        ("person.png --of sky -o out.txt", 1, "'.txt'"),
    ],
)
def test_invalid_input_gives_an_error(line, code, said, folder, capsys):
    before = names(folder)
    assert run(f"mask {line}") == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
    assert names(folder) == before
