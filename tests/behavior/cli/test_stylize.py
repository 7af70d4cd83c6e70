"""Files, messages and exit codes of the painting commands, with the fake engine."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nst
from nst.cli.report import TextReport, duration
from nst.images import io as images
from nst.images import samples
from nst.run.snapshot import Snapshot
from nst.settings.engines import FastSettings, OptimizeSettings
from nst.settings.presets import preset
from tests.support import fake_engine
from tests.support.cli_runs import asked, names, run, size
from tests.support.pictures import gradient

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def cutout(folder):
    """cutout.png in the current folder: green, its right half transparent."""
    pixels = np.full((100, 200, 4), (0, 160, 0, 255), np.uint8)
    pixels[:, 100:, 3] = 0
    Image.fromarray(pixels).save("cutout.png")


def test_the_result_is_written_and_its_path_printed(folder, capsys):
    assert run("stylize photo.png red.png -o out.png --steps 4 --size 160") == 0
    assert size("out.png") == (160, 80)
    out, err = capsys.readouterr()
    assert out == "out.png\n"
    assert err.startswith("Painted 160x80 pixels with fake in 0.4 s. ") and err.count("\n") == 1  # and why that network
    assert names(folder) == {"photo.png", "red.png", "blue.png", "out.png"}


def test_missing_flags_use_the_preset(folder):
    run("stylize photo.png red.png -o out.png")
    assert asked()["settings"] == OptimizeSettings()
    run("stylize photo.png red.png -o out.png --preset draft --steps 7 --content-layers block1_conv1,block2_conv1:0.5")
    assert asked()["settings"] == preset("draft", steps=7, content_layers="block1_conv1,block2_conv1:0.5")
    run("stylize photo.png red.png -o out.png --steps 2 --size original")
    assert asked()["settings"].size is None
    assert size("out.png") == (200, 100)


def test_several_styles_with_weights(folder):
    assert run("stylize photo.png red.png blue.png -o out.png --steps 2 --style-weights 1,2.5") == 0
    assert asked()["style"] == ["red.png", "blue.png"]
    assert asked()["style_weights"] == [1, 2.5]


@pytest.mark.parametrize("name", ["optimize --steps 2", "fast"])
def test_colors_from_another_picture(name, folder):
    assert run(f"stylize photo.png red.png -o out.png --colors-from blue.png --engine {name}") == 0
    assert (asked()["style"], asked()["color_style"]) == (["red.png"], "blue.png")


def test_an_init_image_implies_init_image(folder):
    assert run("stylize photo.png red.png -o out.png --steps 2 --init-image blue.png") == 0
    assert asked()["init_image"] == "blue.png"
    assert asked()["settings"].init == "image"


def test_frames_are_numbered_by_step_and_of_one_size(folder):
    assert run("stylize photo.png red.png -o out.png --steps 3 --frames new/frames") == 0
    frames = sorted(Path("new/frames").iterdir())
    assert [path.name for path in frames] == ["00001.png", "00002.png", "00003.png"]
    assert {size(path) for path in frames} == {(64, 32)}
    assert size("out.png") == (512, 256)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".mp4"])
def test_the_run_as_an_animation(suffix, folder, capsys):
    assert run(f"stylize photo.png red.png -o out.png --steps 3 --animate run{suffix}") == 0
    assert Path(f"run{suffix}").stat().st_size > 500
    assert capsys.readouterr().out == "out.png\n"


def test_events_for_programs(folder, capsys):
    assert run("stylize photo.png red.png -o out.png --steps 3 --json --frames frames") == 0
    out, err = capsys.readouterr()
    events = [json.loads(line) for line in out.splitlines()]
    assert [event["event"] for event in events] == ["started", "snapshot", "snapshot", "snapshot", "saved"]
    assert events[0].items() >= {"event": "started", "path": "out.png", "total": 3}.items()
    assert events[0]["network"] in {"lite", "vgg19"} and events[0]["reason"]
    assert events[2] == {
        "event": "snapshot",
        "path": str(Path("frames/00002.png")),
        "step": 2,
        "total": 3,
        "losses": {"content": 0.2, "style": 5.0, "tv": 0.0, "total": 5.2},
        "seconds": 0.2,
        "remaining": 0.1,
        "network": "fake",
        "note": None,
    }
    assert (events[-1]["path"], events[-1]["step"]) == ("out.png", 3)
    assert err == ""


def test_engine_notes_are_printed(folder, capsys):
    fake_engine.script.note = "Memory ran short."
    assert run("stylize photo.png red.png -o out.png --steps 2") == 0
    assert capsys.readouterr().err.rstrip().endswith("Memory ran short.")


# The instant engine


def test_the_fast_engine_says_one_line_and_draws_no_bar(folder, capsys):
    assert run("stylize photo.png red.png -o out.png --engine fast --strength 50 --size 160") == 0
    assert asked()["settings"] == FastSettings(strength=50, size=160)
    out, err = capsys.readouterr()
    assert (out, err) == ("out.png\n", "Painted 160x80 pixels with quick fake in 0.1 s.\n")
    assert size("out.png") == (160, 80)


def test_on_a_terminal_the_fast_engine_is_as_brief(folder, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes it for a terminal
    assert run("stylize photo.png red.png -o out.png --steps 3") == 0
    assert "Getting ready for 3 steps" in capsys.readouterr().err
    assert run("stylize photo.png red.png -o out.png --engine fast") == 0
    assert capsys.readouterr().err == "Painted 512x256 pixels with quick fake in 0.1 s.\n"


def test_the_fast_engines_events_have_no_losses(folder, capsys):
    assert run("stylize photo.png red.png blue.png -o out.png --engine fast --json --frames frames") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["started", "snapshot", "saved"]
    assert events[0] == {"event": "started", "path": "out.png", "total": 1, "network": "fast", "reason": None}
    assert [event["losses"] for event in events[1:]] == [None, None]
    assert [(event["step"], event["total"]) for event in events[1:]] == [(1, 1), (1, 1)]
    assert names(Path("frames")) == {"00001.png"}


def test_colors_alone_take_no_network_and_no_download(folder, capsys, monkeypatch):
    monkeypatch.setattr("nst.cli.stylize.download", lambda: pytest.fail("nothing looks at the pictures"))
    for engine in ("optimize --network vgg19", "fast"):
        assert run(f"stylize photo.png red.png -o out.png --size 160 --colors palette --engine {engine}") == 0
        out, err = capsys.readouterr()
        assert out == "out.png\n"
        assert err.startswith("Painted 160x80 pixels with palette in ") and err.count("\n") == 1
    assert not fake_engine.script.calls
    red = images.read("red.png").rgb.mean((0, 1))
    np.testing.assert_allclose(images.read("out.png").rgb.mean((0, 1)), red, atol=2)


def test_the_draft_that_a_run_starts_from_is_called_one(folder, capsys):
    assert run("stylize photo.png red.png -o out.png --steps 2 --init fast --json --frames frames") == 0
    draft, refinement = fake_engine.script.calls
    assert isinstance(draft["settings"], FastSettings)
    assert refinement["settings"] == OptimizeSettings(steps=2, init="fast")
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["started", "draft", "snapshot", "snapshot", "saved"]
    assert events[1].items() >= {"step": 0, "total": 2, "losses": None, "network": "quick fake"}.items()
    assert names(Path("frames")) == {"00000.png", "00001.png", "00002.png"}


def test_the_bar_says_draft_and_no_time_left(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with TextReport() as report:
        report.snapshot(Snapshot(gradient(64, 32), 0, 9, None, 0.1, "fast", (64, 32)), None)
    said = capsys.readouterr().err
    assert "fast 64x32" in said
    assert "draft" in said
    assert "left" not in said


# Transparency


@pytest.mark.parametrize("name", ["optimize --steps 2", "fast"])
@pytest.mark.parametrize("suffix", ["png", "webp", "avif", "tiff"])
def test_a_transparent_photo_stays_transparent(name, suffix, cutout):
    assert run(f"stylize cutout.png red.png -o out.{suffix} --engine {name} --size 128") == 0
    alpha = images.read(f"out.{suffix}").alpha
    assert alpha is not None
    assert alpha.shape == (64, 128)
    assert (alpha[:, :60] > 250).all()
    assert (alpha[:, 68:] < 5).all()


@pytest.mark.parametrize("suffix", ["jpg", "bmp"])
def test_formats_without_transparency_give_opaque_pictures(suffix, cutout):
    assert run(f"stylize cutout.png red.png -o out.{suffix} --engine fast --strength 0 --size 128") == 0
    result = images.read(f"out.{suffix}")
    assert result.alpha is None
    assert (result.rgb[:, 68:] > 250).all()  # white, as the photo was painted


def test_demo_repaints_the_default_sample(folder, monkeypatch, capsys):
    photo = samples.Sample(samples.DEFAULT_PHOTO, "Photo", "a photo", folder / "photo.png")
    style = samples.Sample(samples.DEFAULT_STYLE, "Red", "all red", folder / "red.png")
    other = samples.Sample("other", "Other", "another", folder / "blue.png")
    monkeypatch.setattr(samples, "photos", lambda: [other, photo])
    monkeypatch.setattr(samples, "styles", lambda: [other, style])
    assert run("demo") == 0
    assert (asked()["content"], asked()["style"]) == (folder / "photo.png", [folder / "red.png"])
    assert capsys.readouterr().out == "nst-demo.png\n"
    assert run("demo -o my.jpg") == 0
    assert Path("my.jpg").read_bytes().startswith(b"\xff\xd8")  # JPEG


def test_the_samples_that_demo_wants_are_listed():
    assert samples.DEFAULT_PHOTO in {sample.slug for sample in samples.photos()}
    assert samples.DEFAULT_STYLE in {sample.slug for sample in samples.styles()}


def test_styles_are_listed_with_their_files(capsys):
    assert run("styles") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(samples.styles()) >= 12
    for line, sample in zip(lines, samples.styles(), strict=True):
        assert line.startswith(sample.name)
        assert line.endswith(str(sample.path))


def test_version_and_help(capsys):
    assert run("--version") == 0
    assert capsys.readouterr().out == f"nst {nst.__version__}\n"
    assert run("stylize --help") == 0
    assert "--style-layers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0 s"),
        (0.02, "0.1 s"),
        (0.24, "0.2 s"),
        (7.6, "8 s"),
        (59.7, "1 min 0 s"),
        (200, "3 min 20 s"),
        (3600, "1 h 0 min"),
        (7510, "2 h 5 min"),
    ],
)
def test_durations_as_people_say_them(seconds, said):
    assert duration(seconds) == said


# Ctrl-C


def ctrl_c(times: int, at_step: int) -> None:
    """Press it when the engine takes that step."""

    def press(step: int) -> None:
        if step == at_step:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

    fake_engine.script.on_step = press


def test_ctrl_c_saves_what_is_there(folder, capsys):
    before = signal.getsignal(signal.SIGINT)
    ctrl_c(1, 3)
    assert run("stylize photo.png red.png -o out.png --animate run.gif") == 130
    assert size("out.png") == (512, 256)
    assert Path("run.gif").exists()
    out, err = capsys.readouterr()
    assert out == "out.png\n"
    assert "Stopping and saving the current result. Ctrl-C again aborts." in err
    assert err.splitlines()[-1] == "Stopped after step 4 of 100. The current result is saved."
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_that_ends_early_by_itself_is_done(folder, capsys):
    fake_engine.script.ends_at, fake_engine.script.note = 4, "There was little more to gain."
    assert run("stylize photo.png red.png -o out.png --steps 9 --min-improvement 0.5") == 0
    assert asked()["settings"].min_improvement == 0.5
    assert "There was little more to gain." in capsys.readouterr().err.splitlines()[-1]


def test_a_second_ctrl_c_aborts(folder, capsys):
    ctrl_c(2, 3)
    assert run("stylize photo.png red.png -o out.png") == 130
    assert capsys.readouterr().err.splitlines()[-1] == "nst: aborted."
    assert names(folder) == {"photo.png", "red.png", "blue.png"}


def test_ctrl_c_at_the_last_step_is_no_loss(folder):
    ctrl_c(1, 5)
    assert run("stylize photo.png red.png -o out.png --steps 5") == 0
