"""Faces, and what is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scipy.ndimage import label
from skimage import data

from nst import masks
from nst.images import io as images
from nst.images import samples
from nst.masks import faces_mask

FACE, HAIR = (slice(85, 165), slice(190, 260)), (slice(20, 60), slice(195, 250))  # of the astronaut, who is 512 x 512
PLACES = {sample.slug: sample.path for sample in samples.photos()}


def test_the_astronauts_head_is_found_with_its_hair():
    mask = masks.faces(data.astronaut())
    assert label(mask > 0.5)[1] == 1
    assert mask[FACE].min() == 1
    assert mask[HAIR].mean() > 0.6
    assert mask[:, 330:].max() == 0
    assert mask[300:].max() == 0


@pytest.mark.parametrize("side", [200, 1400])
def test_faces_of_any_size_are_found(side):
    mask = images.fit(images.to_pixels(masks.faces(images.fit(data.astronaut(), side))), 512)
    assert mask[FACE].min() > 200
    assert label(mask > 127)[1] == 1


def test_the_edge_is_soft():
    mask = masks.faces(data.astronaut())
    soft = (mask > 0.05) & (mask < 0.95)
    assert 0.1 < soft.sum() / (mask > 0.5).sum() < 1


def test_all_faces_of_a_group_are_found():
    head = data.astronaut()[:256, 90:346]
    mask = masks.faces(np.hstack([head, np.full((256, 60, 3), 255, np.uint8), head[:, ::-1]]))
    assert label(mask > 0.5)[1] == 2


def test_a_gray_photo_has_faces_too():
    gray = np.repeat(data.astronaut().mean(-1, keepdims=True).astype(np.uint8), 3, -1)
    assert masks.faces(gray)[FACE].min() == 1


@pytest.mark.parametrize("share", [0.45, 0.7, 1.2], ids=["dark", "darker", "pale"])
def test_skin_may_be_dark_or_pale(share):
    photo = np.clip(data.astronaut() * share, 0, 255).astype(np.uint8)
    assert masks.faces(photo)[FACE].mean() > 0.9


def test_a_face_of_a_color_that_no_skin_has_is_none():
    """The cascade alone is not believed: it sees faces in leaves and tiles as well."""
    tones = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2YCrCb)
    tones[..., 1:] = 255 - tones[..., 1:]
    teal = cv2.cvtColor(tones, cv2.COLOR_YCrCb2RGB)
    gray = np.repeat(tones[..., :1], 3, -1)
    assert masks.faces(gray)[FACE].any()  # as bright as that, but without a color
    assert not masks.faces(teal)[FACE].any()


@pytest.mark.parametrize("name", ["cat", "coffee", "rocket", "harbor-town", "landscape"])
def test_no_face_is_found_without_people(name):
    assert not masks.faces(images.read(PLACES[name]).rgb).any()


def test_low_contrast_pattern_is_not_a_face(monkeypatch):
    """Its pattern is a face's, for patterns know no contrast."""
    faint = (150 + data.astronaut().mean(-1, keepdims=True).repeat(3, -1) * 0.2).astype(np.uint8)
    assert not masks.faces(faint)[FACE].any()
    monkeypatch.setattr(faces_mask, "CONTRAST", 0)
    assert masks.faces(faint)[FACE].any()


@pytest.mark.parametrize(("eyes", "believed"), [(60, True), (110, True), (200, False)])
def test_eyes_are_not_much_brighter_than_cheeks(eyes, believed):
    face = np.full((48, 48), 100, np.uint8)
    face[36:] = 10  # a beard, for contrast
    face[10:22, 6:42] = eyes
    assert faces_mask._has_eyes(face, (0, 0, 48, 48)) is believed
