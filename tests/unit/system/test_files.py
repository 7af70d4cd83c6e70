"""Files are whole or not there; a bad place is refused before the work begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from nst.errors import FileError
from nst.images.io import WRITABLE
from nst.system.files import check_folder, check_output, replacing
from tests.support.system_limits import ordinary_user


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_called_so(tmp_path):
    with pytest.raises(FileError, match="No space left on device"), replacing(tmp_path / "out.png") as temporary:
        temporary.symlink_to("/dev/full")
        temporary.write_bytes(b"pixels")
    assert not list(tmp_path.iterdir())


def test_a_reader_of_the_old_file_is_not_disturbed(tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("the old text")
    with path.open() as reader:
        with replacing(path) as temporary:
            temporary.write_text("new")
            assert path.read_text() == "the old text"
        assert reader.read() == "the old text"
    assert path.read_text() == "new"


def test_whatever_breaks_off_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "out.png") as temporary:
        temporary.write_bytes(b"half")
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_check_output_accepts_and_leaves_no_trace(tmp_path):
    check_output(tmp_path / "out.png", WRITABLE)
    check_folder(tmp_path / "new" / "frames")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["new", "frames"]


def test_check_output_refuses_what_cannot_be_written(open_folder):
    with pytest.raises(FileError, match="no such file or folder"):
        check_output(open_folder / "missing" / "out.png", WRITABLE)
    with pytest.raises(FileError, match="it is a folder"):
        check_output(open_folder, WRITABLE)
    with pytest.raises(FileError, match=r"suffix '\.gif'"):
        check_output(open_folder / "out.gif", WRITABLE)
    (open_folder / "file").touch()
    with pytest.raises(FileError, match="part of the path is a file"):
        check_output(open_folder / "file" / "out.png", WRITABLE)
    with pytest.raises(FileError, match="a file with this name exists"):
        check_folder(open_folder / "file")
    open_folder.chmod(0o555)
    with ordinary_user(), pytest.raises(FileError, match="permission denied"):
        check_output(open_folder / "out.png", WRITABLE)
    with ordinary_user(), pytest.raises(FileError, match="permission denied"):
        check_folder(open_folder / "frames")
