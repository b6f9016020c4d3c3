"""A file for the person is there as a whole, and nothing else has gone for it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.files import keep
from bot.ports import File


def page(data: bytes, name: str = "page.html") -> File:
    return File(name, "text/html", data)


def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = keep(tmp_path, page(b"new"))
    assert path == tmp_path / "page.html"
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_file_is_kept_once(tmp_path: Path) -> None:
    assert keep(tmp_path, page(b"same")) == keep(tmp_path, page(b"same"))
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


def test_what_has_the_name_stays_whatever_it_is(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "page.html").write_bytes(b"old")
    (tmp_path / "page-2.html").mkdir()
    (tmp_path / "page-3.html").symlink_to(elsewhere)

    assert keep(tmp_path, page(b"new")) == tmp_path / "page-4.html"

    assert (tmp_path / "page.html").read_bytes() == b"old"
    assert not elsewhere.exists()


@given(st.lists(st.sampled_from([b"", b"one", b"two", b"three"]), max_size=6))
def test_every_file_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("files")
    kept = [keep(folder, page(data)) for data in contents]
    assert [path.read_bytes() for path in kept] == contents
    assert len(list(folder.iterdir())) == len(set(contents))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        keep(tmp_path / "gone", page(b"new"))
