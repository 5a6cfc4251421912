# SPDX-License-Identifier: Apache-2.0
"""Faces, letters and lists as they come out: sizes, places, words, and what is not there."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from tests.bank.printing.scene import (
    MADE,
    NAMES,
    boxes_of,
    card_number,
    holder,
    picture_of,
    serial,
    text_of,
    words_of,
)

from ssn_card.bank.printing.design import STIGMA, CardDesign, FaceDesign, LetterDesign
from ssn_card.bank.printing.errors import NameNotPrintable
from ssn_card.bank.printing.faces import CHIP, HEIGHT, WIDTH, FaceSide, faces
from ssn_card.bank.printing.letters import ALWAYS_SEEN, GLUED, SEEN, carrier_letters
from ssn_card.bank.printing.lists import ROWS_TO_A_PAGE, ListedBy, handover_lists, listed, write_listed
from ssn_card.bank.printing.qr import MODULES, qr_matrix
from ssn_card.identity.names import name_on_card
from ssn_card.programme import load_shops
from ssn_card.programme.shop import Shop, Shops

DESIGN = CardDesign()
HOLDERS = [holder(number, name) for number, name in enumerate(NAMES)]
FACES = faces(HOLDERS, DESIGN, MADE)
LETTERS = carrier_letters(HOLDERS, DESIGN, MADE)


def test_a_page_is_exactly_a_card(tmp_path: Path) -> None:
    boxes = boxes_of(FACES, tmp_path)
    assert boxes["pages"][0] == 2 * len(HOLDERS)
    assert boxes["MediaBox"] == pytest.approx((85.60, 53.98), abs=0.01)
    assert (WIDTH, HEIGHT) == (85.60, 53.98)


def test_bleed_goes_beyond_the_card_and_the_trim_box_is_the_card(tmp_path: Path) -> None:
    look = FaceDesign(background="#e8f0e0", ink="#102010")
    paper = faces(HOLDERS[:1], CardDesign(card=look), MADE, bleed=3)
    boxes = boxes_of(paper, tmp_path)
    assert boxes["MediaBox"] == pytest.approx((91.60, 59.98), abs=0.01)
    assert boxes["TrimBox"] == pytest.approx((85.60, 53.98), abs=0.01)
    picture = picture_of(paper)
    assert picture.getpixel((2, 2)) != 255  # the background goes to the very edge


@pytest.mark.parametrize(("side", "pages"), [(FaceSide.FRONT, 6), (FaceSide.BACK, 6), (FaceSide.BOTH, 12)])
def test_front_and_back_by_turns_or_alone(side: FaceSide, pages: int, tmp_path: Path) -> None:
    paper = faces(HOLDERS, DESIGN, MADE, side=side)
    assert boxes_of(paper, tmp_path)["pages"][0] == pages
    assert ("Bo" in text_of(paper).split()) is (side is not FaceSide.BACK)


def test_a_face_says_who_and_which_card(tmp_path: Path) -> None:
    pages = text_of(FACES).split("\f")
    for number, one in enumerate(HOLDERS):
        front, back = pages[2 * number], pages[2 * number + 1]
        grouped = re.sub("(.{4})(?=.)", r"\1 ", one.number.upper())
        assert name_on_card(one.name) in front
        assert grouped in front
        assert grouped in back
        assert re.sub("(.{4})(?=.)", r"\1 ", one.serial.upper()) in back
        assert one.name[:8] not in back


def test_a_long_name_ends_with_a_word_and_stays_on_the_card() -> None:
    for page in range(1, 2 * len(HOLDERS) + 1):
        words = words_of(FACES, page)
        assert all(word.left > 0 and word.right < WIDTH - 3 for word in words)
    assert "Abdurrahman\n" in text_of(FACES)
    assert "Shid" not in text_of(FACES)


@pytest.mark.parametrize("design", [DESIGN, CardDesign(card=FaceDesign(background="#ffe0a0"))])
def test_nothing_is_printed_where_the_chip_is(design: CardDesign) -> None:
    longest = faces([HOLDERS[0]], design, MADE, side=FaceSide.FRONT)
    picture = picture_of(longest)
    scale = picture.width / WIDTH
    chip = picture.crop(tuple(round(one * scale) for one in CHIP))  # type: ignore[arg-type]
    low, high = chip.getextrema()
    assert low == high  # one shade: the background
    # ISO/IEC 7816-2: all eight contacts, 10.25 to 19.87 mm from the left, 19.23 to 28.55 mm from the top.
    left, top, right, bottom = CHIP
    assert left < 10.25
    assert right > 19.87
    assert top < 19.23
    assert bottom > 28.55


@pytest.mark.parametrize("background", ["#ffffff", "#d0d8ff"])
def test_the_code_is_the_card_number_and_nothing_else(background: str) -> None:
    design = CardDesign(card=FaceDesign(background=background))
    for one in HOLDERS[:2]:
        picture = picture_of(faces([one], design, MADE, side=FaceSide.BACK), dots=600)
        assert _modules(picture) == qr_matrix(one.number)
    # segno's own reading of it: 16 letters and digits, no room for more.
    assert len(qr_matrix(card_number(1))) == MODULES


def _modules(picture: Image.Image) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of a code 22 mm wide with its quiet zone, 57.6 mm from the left, 8 mm from the top."""
    scale = picture.width / WIDTH
    module = 22 / 29 * scale
    left, top = 57.6 * scale + 4 * module, 8 * scale + 4 * module
    quiet = picture.crop((round(57.6 * scale) + 2, round(8 * scale) + 2, round(79.6 * scale) - 2, round(top) - 2))
    assert quiet.getextrema() == (255, 255)
    return tuple(
        tuple(
            picture.getpixel((round(left + (x + 0.5) * module), round(top + (y + 0.5) * module))) < 128  # type: ignore[operator]
            for x in range(MODULES)
        )
        for y in range(MODULES)
    )


@pytest.mark.parametrize("paper", [FACES, LETTERS], ids=["faces", "letters"])
def test_nothing_says_poor(paper: bytes) -> None:
    text = text_of(paper)
    shops = {word for shop in load_shops() for word in shop.name.split()}  # shops are called as they are called
    said = " ".join(word for word in text.split() if word not in shops)
    assert STIGMA.findall(said) == []
    assert "KTP" not in text_of(FACES)


@pytest.mark.parametrize("letter", ["\u4e2d", "\u202e", "\x07", "\ufe0f", "\U0001f600"])
def test_a_letter_that_cannot_be_printed_stops_the_paper_and_tells_no_name(letter: str) -> None:
    with pytest.raises(NameNotPrintable) as told:
        faces([holder(7, f"Rahasia {letter}")], DESIGN, MADE)
    assert "Rahasia" not in f"{told.value} {told.value.text} {told.value.details}"
    assert told.value.serial == serial(7)


def test_marks_of_markup_are_shown_as_they_are() -> None:
    name = '#panic("x") $a *b* \\ `c'
    assert name in text_of(faces([holder(1, name)], DESIGN, MADE, side=FaceSide.FRONT))


def test_the_same_cards_make_the_same_bytes() -> None:
    assert faces(HOLDERS, DESIGN, MADE) == FACES
    assert carrier_letters(HOLDERS, DESIGN, MADE) == LETTERS


def _letter_words(number: int) -> list[str]:
    return [word.text for word in words_of(LETTERS, number)]


def test_a_letter_is_a_page_of_a4(tmp_path: Path) -> None:
    boxes = boxes_of(LETTERS, tmp_path)
    assert boxes["pages"][0] == len(HOLDERS)
    assert boxes["MediaBox"] == pytest.approx((210, 297), abs=0.1)


@pytest.mark.parametrize("page", range(1, len(HOLDERS) + 1))
def test_through_the_window_the_address_is_seen_and_nothing_else(page: int) -> None:
    above_the_fold = [word for word in words_of(LETTERS, page) if word.top < 105]
    seen = " ".join(word.text for word in above_the_fold)
    name = name_on_card(HOLDERS[page - 1].name)
    assert seen == f"{name} Kel. Handil Bakti Kec. Palaran KOTA SAMARINDA PD-001"
    left, top, right, bottom = ALWAYS_SEEN
    for word in above_the_fold:
        assert left <= word.left
        assert word.right <= right
        assert top <= word.top
        assert word.bottom <= bottom
    # Marks that are no words neither: but for the address the part that can be seen is white.
    picture = picture_of(LETTERS, page, dots=100)
    scale = picture.width / 210
    for box in (
        (SEEN[0], SEEN[1], SEEN[2], above_the_fold[0].top - 0.5),
        (SEEN[0], above_the_fold[-1].bottom + 0.5, SEEN[2], SEEN[3]),
        (SEEN[0], SEEN[1], left, SEEN[3]),
    ):
        assert picture.crop(tuple(round(one * scale) for one in box)).getextrema() == (255, 255)  # type: ignore[arg-type]


@pytest.mark.parametrize("page", range(1, len(HOLDERS) + 1))
def test_the_card_has_its_place_between_the_folds(page: int) -> None:
    inside = [word for word in words_of(LETTERS, page) if word.top > 105]
    left, top, right, bottom = GLUED
    within = [word.text for word in inside if left < word.right and word.left < right and top < word.top < bottom]
    assert " ".join(within) == "tempelkan kartu di sini glue the card here"
    assert top > 105
    assert bottom < 210
    assert right - left == pytest.approx(WIDTH)
    picture = picture_of(LETTERS, page, dots=100)
    scale = picture.width / 210
    for x in (left, right):  # its dashed edge
        edge = picture.crop((round(x * scale) - 3, round((top + 5) * scale), round(x * scale) + 3, round(150 * scale)))
        assert edge.getextrema()[0] < 230  # type: ignore[operator]


def test_a_letter_says_all_that_its_holder_needs() -> None:
    text = " ".join(text_of(LETTERS).split("\f")[0].split())
    assert "Yth. " + name_on_card(NAMES[0]) in text
    for word in ("Mengaktifkan", "Kartu hilang", "PIN"):
        assert word in text
    for shop in load_shops():
        here = shop.kecamatan == "Palaran"
        assert (shop.name in text) is here
        if here:
            assert f"{shop.opens:%H.%M}–{shop.closes:%H.%M}" in text


def test_a_phone_and_a_sender_are_told_where_the_design_has_them() -> None:
    letter = LetterDesign(phone="0541 200 300", sender=("Bank Contoh", "Jl. Mulawarman 1"))
    text = text_of(carrier_letters(HOLDERS[:1], CardDesign(letter=letter), MADE))
    assert "0541 200 300" in text
    assert "Bank Contoh · Jl. Mulawarman 1" in text


def test_many_shops_take_a_second_page(tmp_path: Path) -> None:
    first = next(iter(load_shops()))
    many = Shops(tuple(Shop(**first.model_dump() | {"id": f"EW-{n:03}", "name": f"Toko {n}"}) for n in range(1, 41)))
    paper = carrier_letters(HOLDERS[:2], DESIGN, MADE, many)
    assert boxes_of(paper, tmp_path)["pages"][0] == 4
    pages = text_of(paper).split("\f")
    assert "Toko 40" in pages[1] + pages[0]
    assert "Yth." in pages[2]
    for page in (2, 4):  # nothing is seen through a window
        assert [word for word in words_of(paper, page) if word.top < 105] == []


def _list(count: int, by: ListedBy = ListedBy.KECAMATAN) -> bytes:
    found = [replace(holder(n, f"Warga {n:03}"), companion=f"PD-{n // 7:03}") for n in range(count)]
    return handover_lists(found, by, DESIGN, MADE, "SSN-12")


@pytest.mark.parametrize("count", [1, ROWS_TO_A_PAGE, ROWS_TO_A_PAGE + 1, 500])
def test_a_list_counts_its_pages_and_rows(count: int, tmp_path: Path) -> None:
    paper = _list(count)
    boxes = boxes_of(paper, tmp_path)
    pages = -(-count // ROWS_TO_A_PAGE)
    assert boxes["pages"][0] == pages
    assert boxes["MediaBox"] == pytest.approx((297, 210), abs=0.1)
    texts = text_of(paper).split("\f")[:-1]
    so_far = 0
    for number, text in enumerate(texts, start=1):
        rows = len(re.findall(r"Warga \d{3}", text))
        so_far += rows
        plain = " ".join(text.split())
        assert f"this page: {rows} " in plain
        assert f"so far: {so_far} " in plain
        assert f"this list: {count} " in plain
        assert plain.endswith(f"page {number} / {pages}")
        assert "Tanda tangan" in text
    assert so_far == count


def test_a_full_page_keeps_clear_of_its_foot() -> None:
    words = words_of(_list(ROWS_TO_A_PAGE))
    last_row = max(word.bottom for word in words if word.text == f"{ROWS_TO_A_PAGE - 1:03}")
    foot = min(word.top for word in words if word.text == "Halaman")
    assert last_row + 4 < foot  # a row is 10 mm high
    assert max(word.bottom for word in words) < 205


def test_no_name_meets_another_column() -> None:
    paper = handover_lists(HOLDERS, ListedBy.KECAMATAN, DESIGN, MADE, "SSN-1")
    names = [word for word in words_of(paper) if 21 < word.left < 85 and 30 < word.top < 190]
    assert names
    assert max(word.right for word in names) < 85


def test_a_list_shows_the_last_four_and_no_more_of_the_number() -> None:
    text = text_of(_list(3))
    assert "… 0A01" in text
    assert card_number(1)[:12] not in text.replace(" ", "")
    assert re.sub("(.{4})(?=.)", r"\1 ", serial(1)) in text


def test_lists_by_companion_and_kelurahan_begin_on_pages_of_their_own(tmp_path: Path) -> None:
    assert boxes_of(_list(21, ListedBy.COMPANION), tmp_path)["pages"][0] == 3
    assert boxes_of(_list(21, ListedBy.KELURAHAN), tmp_path)["pages"][0] == 2
    nobody = handover_lists([holder(1, companion=None)], ListedBy.COMPANION, DESIGN, MADE, "SSN-1")
    assert "tanpa none" in " ".join(text_of(nobody).split())


def test_people_walk_by_kelurahan_companion_and_name() -> None:
    mixed = [
        replace(holder(1, "Zaki"), kelurahan="Bukuan"),
        replace(holder(2, "Ana"), kelurahan="Bukuan", companion=None),
        replace(holder(3, "Élan"), kelurahan="Bukuan"),
        replace(holder(4, "Fitri"), kelurahan="Bukuan"),
        replace(holder(5, "Ana"), kelurahan="Bantuas", companion="PD-009"),
    ]
    assert [one.name for one in sorted(mixed, key=lambda one: one.way)] == ["Ana", "Élan", "Fitri", "Zaki", "Ana"]


@pytest.mark.parametrize("with_names", [False, True])
def test_other_programs_get_names_only_where_they_are_wanted(with_names: bool, tmp_path: Path) -> None:
    rows = listed(HOLDERS, with_names=with_names)
    path = tmp_path / "list.csv"
    write_listed(path, rows)
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert [row["no"] for row in read] == ["1", "2", "3", "4", "5", "6"]
    assert read[0]["serial"] == "5353-0000-0000-0000"
    for text in (path.read_text("utf-8"), json.dumps(rows, ensure_ascii=False)):
        assert ("Rahmah Pratama" in text) is with_names
    assert card_number(0) not in path.read_text("utf-8")
