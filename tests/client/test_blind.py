"""A bidder's blind part before it is sealed: what is found in it, and what is added to it."""

import io
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from client.blind import is_wanted, look, with_filler
from client.errors import Unusable
from evaluation.blind_files import FILLER, neutral, shown, unplain
from opening.package import Source

NAME = "甲建设有限公司"
WIDE = NAME.encode("utf-16-be")


def written(folder: Path, files: Mapping[str, bytes]) -> dict[str, Source]:
    made: dict[str, Source] = {}
    for number, (name, content) in enumerate(files.items()):
        made[name] = folder / str(number)
        (folder / str(number)).write_bytes(content)
    return made


@pytest.mark.parametrize(
    "content",
    [
        f"施工方案 {NAME}".encode(),
        f"施工方案 {NAME}".encode("gb18030"),
        b"%PDF-1.7\n<< /X <" + WIDE.hex().encode() + b"> >>",
        b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(b"(" + WIDE + b")") + b"\nendstream",
    ],
    ids=["utf-8", "gb18030", "hex", "compressed"],
)
def test_the_bidders_name_is_found_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    files = written(tmp_path, {"blind/1.pdf": content})
    (found,) = look(files, [NAME], wanted=True)
    assert (found.fault, found.what) == ("carries_name", NAME)


def test_what_a_pdf_says_of_whoever_made_it_is_found(tmp_path: Path) -> None:
    files = written(tmp_path, {"blind/1.pdf": b"%PDF-1.7\n<< /Author (Li) /Producer (x) >>"})
    (found,) = look(files, [NAME], wanted=True)
    assert (found.fault, found.what) == ("metadata", "Author")


def test_names_that_tell_something_and_folders_that_are_none_are_found(tmp_path: Path) -> None:
    files = written(
        tmp_path,
        {
            "blind/方案.pdf": b"",
            "Blind/1.pdf": b"",
            "投标/blind/2.pdf": b"",
            "a.pdf": NAME.encode(),
        },
    )
    told = {(one.fault, one.name) for one in look(files, [NAME], wanted=True)}
    assert told == {
        ("name", "blind/方案.pdf"),
        ("misplaced", "Blind/1.pdf"),
        ("misplaced", "投标/blind/2.pdf"),
        ("missing", ""),
    }
    assert all(str(one) for one in look(files, [NAME], wanted=True))


def test_nothing_is_found_where_nothing_is_blind(tmp_path: Path) -> None:
    assert look(written(tmp_path, {"a.pdf": NAME.encode()}), [NAME], wanted=False) == []


def test_a_blind_part_is_packed_with_a_filler_of_a_length_nobody_knows() -> None:
    def lengths() -> set[int]:
        found = set()
        for _ in range(4):
            source = with_filler({"blind/1.txt": io.BytesIO(b"x")})[FILLER]
            assert isinstance(source, io.BytesIO)
            found.add(len(source.getvalue()))
        return found

    assert len(lengths()) > 1
    assert all(1 << 16 <= length < 1 << 17 for length in lengths())
    assert FILLER not in with_filler({"a.pdf": io.BytesIO(b"x")})
    with pytest.raises(Unusable):
        with_filler({FILLER: io.BytesIO(b"x")})


def test_blind_files_are_in_the_order_of_their_numbers_and_under_neutral_names() -> None:
    paths = ["blind/10.pdf", "blind/2.txt", "blind/02.png", "blind/我.pdf", FILLER, "a.pdf"]
    assert shown(paths) == ["blind/02.png", "blind/2.txt", "blind/10.pdf"]
    assert unplain(paths) == ["blind/我.pdf"]
    assert neutral("B", 1, "blind/007.pdf") == "B-1.pdf"


@pytest.mark.parametrize(
    ("blind", "envelope", "wanted"), [(True, 1, True), (True, 2, False), (False, 1, False)]
)
def test_a_section_wants_a_blind_part_where_its_rule_has_a_blind_item(
    *, blind: bool, envelope: Any, wanted: bool
) -> None:
    rule = {"stages": [{"items": [{"item": "a"}, {"item": "b", "blind": blind}]}]}
    view = {"sections": [{"section": "s1", "rule": rule}, {"section": "s2"}]}
    assert is_wanted(view, ("s1", envelope)) is wanted
    assert not is_wanted(view, ("s2", 1))
