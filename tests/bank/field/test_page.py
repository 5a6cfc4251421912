# SPDX-License-Identifier: Apache-2.0
"""The companion's page in Chromium, against simulated cards: each screen, each way to go wrong at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.bank.field.browser import Served, served, shot, sign, tablet_page, unlock
from tests.bank.field.made import KEYS, City, serial_of, serials
from tests.card.live_card import LiveCard
from tests.personalization.station.support import CuttableConnection, cut_at

from ssn_card.bank.field.forms.outcomes import VisitOutcome
from ssn_card.bank.field.tablet.folder import TabletIdentity
from ssn_card.protocol.values import LifeState
from ssn_card.terminal import Reader, SoftwareTerminalKeys

PIN = "482917"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = Path("/usr/bin/chromium")
    if not path.exists():
        pytest.skip("Chromium is missing (apt-get install chromium)")
    with sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def who(request: pytest.FixtureRequest, town: City) -> TabletIdentity:
    """A tablet with twelve persons; where a test asks for cards, those of the first two are real."""
    real = request.getfixturevalue("cards") if "cards" in request.fixturenames else []
    town.waiting([*map(serial_of, real), *serials(12 - len(real))])
    return town.equipped()


@pytest.fixture
def where(who: TabletIdentity) -> Iterator[Served]:
    with served(who.folder) as running:
        yield running


@pytest.fixture
def page(browser: Browser, where: Served) -> Iterator[Page]:
    with tablet_page(browser, where) as page:
        unlock(page, where)
        yield page


def visit(page: Page, name: str) -> None:
    page.click(f".people a:has-text('{name}')")
    expect(page.locator("h1")).to_have_text(name)


def outcomes(where: Served) -> list[VisitOutcome]:
    work = where.session.work(where.session.token)
    return [record.outcome for record in work.diary.records()]


def test_a_card_is_handed_over_activated_and_gets_its_pin(
    page: Page, where: Served, cards: list[LiveCard], town: City, tmp_path: Path
) -> None:
    shot(page, "list")
    visit(page, "Siti Aminah")
    shot(page, "person")
    where.reader.card = cards[0].connect
    page.click("text=Baca kartu")
    expect(page.locator("main")).to_contain_text("Asli, dan milik orang ini")
    expect(page.locator("main")).to_contain_text("Menunggu diaktifkan")
    expect(page.locator("text=Serahkan dan aktifkan")).to_have_count(0)  # nobody has verified yet
    page.click("text=Tanda tangan di layar")
    page.click("text=Simpan >> nth=0")
    expect(page.locator("#empty")).to_be_visible()
    sign(page)
    shot(page, "verify")
    page.click("#signing button.main")
    expect(page.locator("img.signature")).to_have_count(1)
    shot(page, "verified")
    page.click("text=Serahkan dan aktifkan")
    expect(page.locator(".flash")).to_contain_text("Sudah diserahkan, dan aktif. Di kartu: Rp900.000.")
    assert outcomes(where) == [VisitOutcome.VERIFIED, VisitOutcome.ACTIVATED]
    shot(page, "activated")
    page.click("text=Pemegang memilih PIN")
    for digit in PIN:
        page.tap(f"[data-digit='{digit}']")
    shot(page, "pin")
    page.tap("[data-next]")
    for digit in PIN:
        page.tap(f"[data-digit='{digit}']")
    page.tap("[data-next]")
    expect(page.locator(".flash")).to_contain_text("Pemegang sudah memilih PIN.")
    with cards[0].connect() as line:
        status = Reader(SoftwareTerminalKeys(KEYS)).status(line)
    assert (status.state, status.balance, status.has_pin, status.pin_choice) == (LifeState.ACTIVE, 900_000, True, 0)
    assert outcomes(where)[-1] is VisitOutcome.PIN_CHOSEN
    page.click("text=Baca kartu")
    expect(page.locator("main")).to_contain_text("Sudah aktif: Rp900.000")
    page.click("header .home")
    expect(page.locator("a.done b")).to_have_text("1")
    page.click("text=Akhir hari")
    expect(page.locator("main")).to_contain_text("3 catatan belum ditulis")
    page.click("text=Tulis hasil untuk bank")
    expect(page.locator("main")).to_contain_text("Semua sudah ditulis")
    shot(page, "end")
    with page.expect_download() as download:
        page.click("a[download]")
    result = tmp_path / "result"
    download.value.save_as(result)
    (taken,) = town.take_in(result)
    assert (taken.records, taken.findings) == (3, [])
    assert town.states()[serial_of(cards[0])] == "activated"
    assert PIN.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_wrong_card_no_card_and_one_that_is_pulled_out(page: Page, where: Served, cards: list[LiveCard]) -> None:
    visit(page, "Siti Aminah")
    page.click("text=Baca kartu")
    expect(page.locator(".flash")).to_have_attribute("role", "alert")
    expect(page.locator(".flash")).to_contain_text("Tidak ada kartu di pembaca.")
    shot(page, "no-card")
    where.reader.card = cards[1].connect
    page.click("text=Baca kartu")
    expect(page.locator(".flash")).to_contain_text("Ini kartu orang lain.")
    expect(page.locator(".flash")).to_contain_text("Ini kartu milik Rahmah Pratama")
    shot(page, "wrong-card")
    page.click(".flash a")
    expect(page.locator("h1")).to_have_text("Rahmah Pratama")
    page.click("text=Tanda tangan di layar")
    page.fill("#reference", "BIO-2025-0091")
    page.click(".narrow button")
    expect(page.locator("main")).to_contain_text("Diperiksa: BIO-2025-0091")
    cut = CuttableConnection(cards[1].url, cut_at(3, "after"))
    where.reader.card = lambda: cut
    page.click("text=Serahkan dan aktifkan")
    expect(page.locator(".flash")).to_contain_text("Kartu terlepas sebelum selesai.")
    assert VisitOutcome.ACTIVATED not in outcomes(where)
    shot(page, "pulled-out")
    where.reader.card = cards[1].connect
    page.click("text=Serahkan dan aktifkan")
    expect(page.locator(".flash")).to_contain_text("dan aktif")
    assert outcomes(where).count(VisitOutcome.ACTIVATED) == 1


def test_not_met_ill_undone_and_corrected(page: Page, where: Served) -> None:
    visit(page, "Wati Lambang")
    page.click("text=Kartu tidak diserahkan?")
    page.check("[value=ill]")
    expect(page.locator("#appointment")).to_be_visible()
    page.fill("#note", "rumah biru di belakang masjid")
    shot(page, "note")
    page.click("button.main")
    expect(page.locator(".flash")).to_contain_text("Dicatat: sakit.")
    visit(page, "Wati Lambang")
    expect(page.locator("main")).to_contain_text("rumah biru")
    page.click("text=Batalkan: sakit")
    expect(page.locator(".flash")).to_contain_text("Dibatalkan: sakit")
    assert outcomes(where) == [VisitOutcome.ILL, VisitOutcome.UNDONE]
    page.click("text=Kartu tidak diserahkan?")
    page.check("[value=not-met]")
    expect(page.locator("#appointment")).to_be_hidden()
    page.click("button.main")
    expect(page.locator("a.again b")).to_have_text("1")
    page.click("a.again")
    expect(page.locator(".people li")).to_have_count(1)
    visit(page, "Wati Lambang")
    page.click("text=Perbaiki data")
    page.fill("#name", "Wati Lambang Sari")
    shot(page, "correct")
    page.click("button.main")
    expect(page.locator(".flash.good")).to_contain_text("Koreksi dicatat")
    work = where.session.work(where.session.token)
    assert work.diary.records()[-1].correction == {"name": "Wati Lambang Sari"}


def test_the_list_is_searched_and_filtered(page: Page, where: Served, cards: list[LiveCard]) -> None:
    expect(page.locator(".people li")).to_have_count(12)
    page.fill("[name=q]", "mariam")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=mariam**")
    expect(page.locator(".people .name")).to_have_text(["Hj. Mariam"])
    page.fill("[name=q]", "0000 0009")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=0000**")
    expect(page.locator(".people li")).to_have_count(1)
    page.goto(f"{where.url}/")
    page.select_option("[name=kelurahan]", index=1)
    page.click(".search button")  # the choice alone does it too, where scripts run and were loaded in time
    page.wait_for_url("**kelurahan=**")
    expect(page.locator(".people li a")).to_have_count(4)
    page.fill("[name=q]", "nobody")
    page.keyboard.press("Enter")
    page.wait_for_selector(".nobody")
    where.reader.card = cards[1].connect
    page.click("text=Cari lewat kartu")
    expect(page.locator("h1")).to_have_text("Rahmah Pratama")
    page.click("text=English")
    expect(page.locator("main")).to_contain_text("born 1961")
    shot(page, "english")


def test_locked(browser: Browser, where: Served) -> None:
    with tablet_page(browser, where) as page:
        page.goto(f"{where.url}/person/1")
        expect(page).to_have_url(f"{where.url}/")
        shot(page, "unlock")
        page.fill("#password", "salah sekali ini")
        page.click("button.main")
        expect(page.locator(".flash")).to_have_attribute("role", "alert")
        shot(page, "wrong-password")
        unlock(page, where)
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        page.click("text=Kunci >> nth=0")
        expect(page.locator("#password")).to_be_visible()
        page.go_back()
        expect(page.locator(".people")).to_have_count(0)


def test_it_locks_itself(browser: Browser, who: TabletIdentity) -> None:
    with served(who.folder, idle_seconds=2) as where, tablet_page(browser, where) as page:
        unlock(page, where)
        page.wait_for_selector("#password", timeout=30_000)
        assert where.session._work is None


def test_a_package_comes_by_the_page(browser: Browser, town: City, tmp_path: Path) -> None:
    town.waiting(serials(2))
    who = town.tablet()
    package = tmp_path / "mine.ssnpackage"
    package.write_bytes(town.package().content)
    with served(who.folder) as where, tablet_page(browser, where) as page:
        unlock(page, where)
        shot(page, "empty")
        spoilt = tmp_path / "spoilt"
        spoilt.write_bytes(package.read_bytes()[:-9])
        page.set_input_files("[name=file]", spoilt)
        page.click("details button")
        expect(page.locator(".flash")).to_have_attribute("role", "alert")
        page.set_input_files("[name=file]", package)
        page.click("details button")
        expect(page.locator(".flash")).to_contain_text("Paket masuk: 2 orang")
        assert sorted(path.suffix for path in who.folder.packages.iterdir()) == [".ssnpackage"]


#: What is hard to read or to touch.
_MEASURE = (Path(__file__).parent / "measure.js").read_text("utf-8").partition("px.\n")[2]


@pytest.mark.parametrize("width", [800, 390], ids=["tablet", "telephone"])
def test_it_can_be_read_and_touched(page: Page, where: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1180})
    person = next(iter(where.session.work(where.session.token).everybody()))
    for path in (
        "",
        f"person/{person}",
        *(f"person/{person}/{one}" for one in ("verify", "pin", "note", "correct")),
        "end",
    ):
        page.goto(f"{where.url}/{path}")
        assert page.evaluate(_MEASURE) == [], path
        if width == 390:
            shot(page, f"small-{path.rpartition('/')[2] or 'list'}")


def test_without_scripts(browser: Browser, where: Served, cards: list[LiveCard]) -> None:
    """All but the signature, for which there is the number."""
    where.reader.card = cards[0].connect
    with tablet_page(browser, where, java_script_enabled=False) as page:
        unlock(page, where)
        visit(page, "Siti Aminah")
        page.click("text=Tanda tangan di layar")
        page.fill("#reference", "BIO-1")
        page.click(".narrow button")
        page.click("text=Serahkan dan aktifkan")
        page.click("text=Pemegang memilih PIN")
        page.fill("#first", PIN)
        page.fill("#again", "111111")
        page.click("[data-plain]")
        expect(page.locator(".flash")).to_contain_text("Kedua PIN berbeda")
        page.click("text=Pemegang memilih PIN")
        page.fill("#first", PIN)
        page.fill("#again", PIN)
        page.click("[data-plain]")
        expect(page.locator(".flash")).to_contain_text("Pemegang sudah memilih PIN")
