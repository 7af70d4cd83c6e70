"""Bad input gives one line on stderr and leaves no files; with the fake engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nst.errors import Diverged, ModelError
from nst.images import io as images
from nst.run.snapshot import Losses, Snapshot
from tests.support import fake_engine
from tests.support.cli_runs import names, run
from tests.support.pictures import gradient, png_header, saved
from tests.support.system_limits import ordinary_user, small_disk

pytestmark = pytest.mark.usefixtures("engine")


def refused(line: str, folder: Path, capsys, code: int = 1) -> str:
    """Return the single line of stderr after a bad command. Assert no other output and no files."""
    before = names(folder)
    assert run(line) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert names(folder) == before
    return err


GOOD = images.encode(gradient(), "jpeg")
BAD_FILES = {
    "not an image": (b"Dear diary", "not a picture"),
    "truncated": (GOOD[: len(GOOD) // 2], "it is incomplete"),
    "0 bytes": (b"", "empty (0 bytes)"),
    "1x1": (images.encode(gradient(1, 1), "png"), "1x1 pixels are too few"),
    "bomb": (png_header(20_000, 20_000), "too large; the limit is 89 megapixels"),
    "strip": (images.encode(gradient(1, 4000), "png"), "1x4000 pixels are too few"),
    "thick strip": (images.encode(gradient(16, 4000), "png"), "16x4000 pixels are too narrow a strip"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
@pytest.mark.parametrize("line", ["bad.png red.png", "photo.png bad.png", "photo.png red.png bad.png"])
def test_bad_pictures(kind, line, folder, capsys):
    data, message = BAD_FILES[kind]
    Path("bad.png").write_bytes(data)
    err = refused(f"stylize {line} -o out.png", folder, capsys)
    assert message in err
    assert "'bad.png'" in err
    assert err.startswith("nst: Cannot ")


def test_an_animated_picture_gives_its_first_frame(folder):
    frames = [Image.new("RGB", (32, 32), color) for color in ("red", "blue")]
    Path("style.gif").write_bytes(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert run("stylize photo.png style.gif -o out.png --steps 1") == 0
    assert images.read("out.png").rgb.reshape(-1, 3).mean(0).tolist() == pytest.approx([255, 0, 0], abs=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--steps -5", "steps must be between 1 and 10000, received -5."),
        ("--size 3", "size must be between 32 and 8192 px, received 3."),
        ("--strength nan", "strength must be a number, received nan."),
        ("--strength 50 --style-weight 2", "strength and raw weights cannot be combined"),
        ("--content-layers block1_conv1:x", "content_layers must be a layer name"),
        ("--learning-rate 0.1", "learning_rate requires optimizer='adam'"),
        ("--animate run.avi", "it has the suffix '.avi'. Use one of .gif .webp .mp4"),
        ("--animate nowhere/run.gif", "Cannot write 'nowhere/run.gif': no such file or folder"),
        ("--frames photo.png", "Cannot write to the folder 'photo.png': a file with this name exists"),
    ],
)
def test_bad_settings_and_places(arguments, message, folder, capsys):
    assert message in refused(f"stylize photo.png red.png -o out.png {arguments}", folder, capsys)
    assert fake_engine.script.calls == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "stylize photo.png red.png -o out.png --preset fancy",
            "argument --preset: invalid choice: 'fancy' (choose from",
        ),
        ("stylize photo.png red.png -o out.png --steps many", "argument --steps: invalid int value: 'many'"),
        ("stylize photo.png red.png -o out.png --size big", "argument --size: invalid size value: 'big'"),
        ("stylize photo.png red.png -o out.png --style-weights 1,b", "argument --style-weights: invalid numbers value"),
        ("stylize photo.png red.png -o out.png --engine magic", "argument --engine: invalid choice: 'magic'"),
        ("stylize photo.png red.png -o out.png --sharpness 3", "unrecognized arguments: --sharpness 3"),
        ("stylize photo.png -o out.png", "the following arguments are required: STYLE"),
        ("stylize photo.png red.png", "the following arguments are required: -o/--output"),
        ("paint photo.png", "argument COMMAND: invalid choice: 'paint'"),
        ("", "the following arguments are required: COMMAND"),
    ],
)
def test_commands_that_are_not_understood(arguments, message, folder, capsys):
    err = refused(arguments, folder, capsys, code=2)
    assert message in err
    assert "--help" in err


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("out.gif", "Cannot write 'out.gif': it has the suffix '.gif'. Use one of .png .jpg"),
        ("out", "Cannot write 'out': it has no suffix."),
        ("nowhere/out.png", "Cannot write 'nowhere/out.png': no such file or folder."),
        ("photo.png/out.png", "Cannot write 'photo.png/out.png': part of the path is a file"),
        (".", "Cannot write '.': it is a folder."),
    ],
)
def test_bad_outputs_are_refused_before_the_work(output, message, folder, capsys):
    assert message in refused(f"stylize photo.png red.png -o {output}", folder, capsys)
    assert fake_engine.script.calls == []


def test_missing_files_and_folders(folder, capsys):
    assert "'none.png': no such file" in refused("stylize none.png red.png -o out.png", folder, capsys)
    Path("album").mkdir()
    assert "'album': it is a folder" in refused("stylize photo.png album -o out.png", folder, capsys)


def test_an_unwritable_folder(open_folder, folder, capsys):
    open_folder.chmod(0o555)
    with ordinary_user():
        assert "permission denied" in refused("stylize photo.png red.png -o out.png", folder, capsys)


def test_a_full_disk(folder, capsys):
    Path("out.png").write_bytes(b"the old picture")
    with small_disk(100):
        assert "Cannot write 'out.png': " in refused("stylize photo.png red.png -o out.png --steps 1", folder, capsys)
    assert Path("out.png").read_bytes() == b"the old picture"


def test_weights_of_another_network(folder, capsys):
    np.savez("other.npz", **{"dense/kernel": np.zeros((3, 3))})
    err = refused("weights import other.npz", folder, capsys)
    assert err.startswith("nst: ")
    assert "other.npz" in err


def test_errors_are_events_too(folder, capsys):
    assert run("stylize photo.png none.png -o out.png --json") == 1
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["event"] for event in events] == ["started", "error"]
    assert err == f"nst: {events[-1]['message']}\n"


def test_an_error_in_mid_run_leaves_no_result(folder, capsys):
    fake_engine.script.error, fake_engine.script.error_at = ModelError("The network fell asleep. Wake it."), 3
    assert refused("stylize photo.png red.png -o out.png", folder, capsys) == "nst: The network fell asleep. Wake it.\n"


def test_a_bug_keeps_its_traceback(folder):
    fake_engine.script.error = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        run("stylize photo.png red.png -o out.png")
    assert not Path("out.png").exists()


def test_the_last_good_picture_of_a_run_that_diverged_is_kept(folder, capsys):
    good = Snapshot(gradient(64, 32), 2, 150, Losses(1, 2, 0), 1.0, "fake", (64, 32), 2.0, final=True)
    fake_engine.script.error, fake_engine.script.error_at = Diverged("The numbers ran away.", good), 3
    assert run("stylize photo.png red.png -o out.png") == 1
    out, err = capsys.readouterr()
    assert out == "out.png\n"
    assert err.splitlines()[-1] == "nst: The numbers ran away."
    assert np.array_equal(images.read("out.png").rgb, gradient(64, 32))


def test_a_run_that_diverged_at_once_leaves_nothing(folder, capsys):
    fake_engine.script.error = Diverged("The numbers ran away.")
    assert refused("stylize photo.png red.png -o out.png", folder, capsys) == "nst: The numbers ran away.\n"


def test_weights_that_must_be_downloaded_where_there_is_no_network(folder, capsys, monkeypatch):
    monkeypatch.setenv("NST_VGG19_URL", "http://127.0.0.1:9/vgg19.h5")
    for variable in ("KERAS_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(variable, str(folder / "home"))
    monkeypatch.delenv("NST_VGG19_WEIGHTS", raising=False)
    (folder / "home").mkdir()
    said = refused("stylize photo.png red.png -o out.png --network vgg19", folder, capsys)
    assert "Cannot download VGG19's weights" in said and "lite" in said
    assert fake_engine.script.calls == []


def test_more_styles_than_a_recipe_holds(folder, capsys):
    line = f"stylize photo.png {'red.png ' * 33}-o out.png --size 64 --steps 1"
    err = refused(line, folder, capsys)
    assert "Received 33 styles" in err and "at most 32" in err and "--no-recipe" in err
    assert fake_engine.script.calls == []
    assert run(f"{line} --no-recipe") == 0
    assert len(fake_engine.script.calls[-1]["style"]) == 33
