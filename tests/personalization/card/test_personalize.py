# SPDX-License-Identifier: Apache-2.0
"""One card on the real applet: personalized, read back, refused, and interrupted at every command."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from tests.personalization.station.support import CuttableConnection, Rack, cut_at

from ssn_card.channel import CardNotOurs, ChannelRefused, Scp03Session
from ssn_card.identity import CardContent
from ssn_card.keys import development_keyring
from ssn_card.personalization.card import personalize as card
from ssn_card.personalization.card.errors import (
    CardAlreadyPersonalized,
    NotAnSsnCard,
    SerialChanged,
    UnsupportedProtocol,
    VerificationFailed,
)
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.personalize import (
    correct_identity,
    inspect,
    personalize,
    prove_blank,
    read_content,
    verify,
)
from ssn_card.personalization.intake.identity import Identity, identity_block
from ssn_card.personalization.intake.nik import FamilyNumber, Nik
from ssn_card.protocol.commands import SELECT
from ssn_card.protocol.errors import InputError, SsnCardError
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layout import Kind
from ssn_card.protocol.layouts import MAX_IDENTITY as BLOCK_MAX
from ssn_card.protocol.layouts import SELECT_ANSWER
from ssn_card.protocol.status import CardStatusError, NoPin, WrongPin
from ssn_card.protocol.values import StateClass
from ssn_card.terminal.keys import SoftwareTerminalKeys
from ssn_card.terminal.session import CardSession
from ssn_card.transport import CardConnection, ConnectionLost, open_connection

pytestmark = pytest.mark.sim
ID = bytes.fromhex("0000000000000007")
IDENTITY = identity_block(
    Identity(Nik("6472017105639001"), FamilyNumber("6472012802109001"), "64.72.01", 3, "Rahmah Pratama")
)
KEYS = development_keyring()
COMMANDS = 11  #: of a whole personalization
COMMITTED = 7  #: the number of the last STORE DATA


def test_blank_to_personalized(rack: Rack) -> None:
    with open_connection(rack.blank()) as connection:
        before = inspect(connection)
        assert before.blank
        assert prove_blank(connection, KEYS, before.serial)
        made = personalize(connection, KEYS, ID, IDENTITY)
        after = inspect(connection)
        assert (made.serial, made.apdus) == (before.serial, COMMANDS)
        assert 0 < made.seconds < 60
        assert (after.serial, after.blank, set(after.key_versions.values())) == (before.serial, False, {1})
        assert read_content(connection, KEYS, made.serial) == CardContent(ID, IDENTITY)
        assert not prove_blank(connection, KEYS, made.serial)


def test_the_longest_name_fits(rack: Rack) -> None:
    person = Identity(Nik("6472017105639001"), FamilyNumber("6472012802109001"), "64.72.01", 3, "a" * 40)
    assert len(identity_block(person)) == BLOCK_MAX
    with open_connection(rack.blank()) as connection:
        serial = personalize(connection, KEYS, ID, identity_block(person)).serial
        inspect(connection)
        assert read_content(connection, KEYS, serial).identity == identity_block(person)


def test_other_key_versions(rack: Rack) -> None:
    versions = KeyVersions(issuer=2, current={KeyLabel.DEBIT: 2})
    with open_connection(rack.blank()) as connection:
        serial = personalize(connection, KEYS, ID, IDENTITY, versions).serial
        told = inspect(connection).key_versions
        assert (told[KeyLabel.DEBIT], told[KeyLabel.UPDATE]) == (2, 1)
        verify(connection, KEYS, serial, lambda content: content.beneficiary_id == ID, versions)
        for expected, figures in ((KeyVersions(), ("2", "1")), (KeyVersions(current={KeyLabel.DEBIT: 7}), ("2", "7"))):
            with pytest.raises(VerificationFailed, match="version of DEBIT") as caught:
                verify(connection, KEYS, serial, lambda _: True, expected)
            found, wanted = figures
            assert f"is {found}, not {wanted}" in caught.value.text.en
            assert f"adalah {found}, bukan {wanted}" in caught.value.text.id
        with pytest.raises(CardNotOurs):
            read_content(connection, KEYS, serial)  # ISSUER version 1


def test_a_personalized_card_is_refused_untouched(rack: Rack) -> None:
    with open_connection(rack.blank()) as connection:
        serial = personalize(connection, KEYS, ID, IDENTITY).serial
        with pytest.raises(CardAlreadyPersonalized) as caught:
            personalize(connection, KEYS, bytes(8), IDENTITY)
        assert caught.value.serial == serial
        inspect(connection)
        assert read_content(connection, KEYS, serial).beneficiary_id == ID


def test_a_blank_card_of_another_maker_stays_blank(rack: Rack) -> None:
    with open_connection(rack.blank(transport_version=2)) as connection:
        with pytest.raises(CardNotOurs):
            personalize(connection, KEYS, ID, IDENTITY)
        assert inspect(connection).blank


def test_verify_refuses_blank_other_serial_and_other_content(rack: Rack) -> None:
    with open_connection(rack.blank()) as connection:
        serial = inspect(connection).serial
        with pytest.raises(VerificationFailed) as blank:
            verify(connection, KEYS, serial, lambda _: True)
        for text, told in zip(blank.value.text, ("it is blank", "kartu masih kosong"), strict=True):
            assert told in text
        with pytest.raises(ChannelRefused):
            read_content(connection, KEYS, serial)
        personalize(connection, KEYS, ID, IDENTITY)
        with pytest.raises(SerialChanged):
            verify(connection, KEYS, bytes(8), lambda _: True)
        with pytest.raises(SerialChanged):
            prove_blank(connection, KEYS, bytes(8))
        with pytest.raises(VerificationFailed) as caught:
            verify(connection, KEYS, serial, lambda content: content.identity != IDENTITY)
        for text, told in zip(caught.value.text, ("identity differ", "identitas berbeda"), strict=True):
            assert told in text


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, COMMANDS + 1))
def test_removed_at_any_command_it_is_blank_and_repeatable_or_complete(rack: Rack, number: int, when: str) -> None:
    url = rack.blank()
    connection = CuttableConnection(url, cut_at(number, when))
    with pytest.raises(ConnectionLost):
        personalize(connection, KEYS, ID, IDENTITY)
    connection.close()
    committed = number > COMMITTED or (number == COMMITTED and when == "after")
    with open_connection(url) as again:
        state = inspect(again)
        assert state.blank is not committed
        assert prove_blank(again, KEYS, state.serial) is not committed
        if not committed:
            personalize(again, KEYS, ID, IDENTITY)
        verify(again, KEYS, state.serial, lambda content: content == CardContent(ID, IDENTITY))


class Answering:
    """Something in the reader that always gives one answer."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def transmit(self, apdu: bytes, /) -> bytes:
        return self.answer


SOUND = {field.name: 1 if field.kind is Kind.UINT else bytes(field.size) for field in SELECT_ANSWER.fields}


@pytest.mark.parametrize(
    ("answer", "error", "en", "indonesian"),
    [
        (b"\x6a\x82", NotAnSsnCard, "no SSN applet (SW 6A82)", "applet SSN (SW 6A82)"),
        (b"", NotAnSsnCard, "no SSN applet (SW 0000)", "applet SSN (SW 0000)"),
        (b"\x90\x00", NotAnSsnCard, "as no SSN card would", "bukan jawaban kartu SSN"),
        (b"\x01\x90\x00", NotAnSsnCard, "as no SSN card would", "bukan jawaban kartu SSN"),
        (bytes(8) + b"\x02\x90\x00", UnsupportedProtocol, "version 2, this station 1", "versi 2, stasiun ini versi 1"),
        (
            SELECT_ANSWER.encode({**SOUND, "protocol_version": 2}) + b"\x90\x00",
            UnsupportedProtocol,
            "version 2, this station 1",
            "versi 2, stasiun ini versi 1",
        ),
        (
            SELECT_ANSWER.encode({**SOUND, "state_class": 9}) + b"\x90\x00",
            NotAnSsnCard,
            "as no SSN card would",
            "bukan jawaban kartu SSN",
        ),
    ],
)
def test_strange_cards(answer: bytes, error: type[SsnCardError], en: str, indonesian: str) -> None:
    with pytest.raises(error) as caught:
        inspect(Answering(answer))
    assert en in caught.value.text.en
    assert indonesian in caught.value.text.id


class Claiming:
    """A card that says in SELECT that it is blank, whatever it is."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection

    def transmit(self, apdu: bytes, /) -> bytes:
        answer = self._connection.transmit(apdu)
        if apdu[1] != SELECT.ins:
            return answer
        told = SELECT_ANSWER.decode(answer[:-2]) | {"state_class": StateClass.BLANK}
        return SELECT_ANSWER.encode(told) + answer[-2:]


def test_a_personalized_card_that_says_it_is_blank_is_not_believed(rack: Rack) -> None:
    with open_connection(rack.blank()) as connection:
        serial = personalize(connection, KEYS, ID, IDENTITY).serial
        assert inspect(Claiming(connection)).blank
        assert not prove_blank(Claiming(connection), KEYS, serial)


def test_a_pin_is_on_the_card_and_without_one_there_is_none(rack: Rack) -> None:
    outcomes = (("123456", nullcontext()), ("654321", pytest.raises(WrongPin)), (None, pytest.raises(NoPin)))
    for pin, refusal in outcomes:
        with open_connection(rack.blank()) as connection:
            personalize(connection, KEYS, ID, IDENTITY, pin=pin)
            with refusal:
                CardSession(connection, SoftwareTerminalKeys(KEYS)).verify_pin("123456")
    with open_connection(rack.blank()) as connection, pytest.raises(InputError):
        personalize(connection, KEYS, ID, IDENTITY, pin="12")


@pytest.mark.parametrize("held", [CardContent(ID, IDENTITY[:-1] + b"?"), CardContent(bytes(8), IDENTITY)])
def test_a_card_that_reads_back_something_else_is_not_done(
    rack: Rack, monkeypatch: pytest.MonkeyPatch, held: CardContent
) -> None:
    """Number and person must both be right, after making a card and after correcting it."""
    with open_connection(rack.blank()) as connection:
        with monkeypatch.context() as patch:
            patch.setattr(card, "read_content", lambda *_: held)
            with pytest.raises(VerificationFailed) as caught:
                personalize(connection, KEYS, ID, IDENTITY)
            serial = inspect(connection).serial
            assert caught.value.serial == serial
            with pytest.raises(VerificationFailed) as caught:
                correct_identity(connection, KEYS, ID, IDENTITY)
            assert caught.value.serial == serial
        correct_identity(connection, KEYS, ID, IDENTITY)


def test_a_correction_with_the_cards_own_key_versions(rack: Rack) -> None:
    versions = KeyVersions(issuer=2)
    corrected = identity_block(
        Identity(Nik("6472017105639001"), FamilyNumber("6472012802109001"), "64.72.01", 3, "Rahma Pratama")
    )
    with open_connection(rack.blank()) as connection:
        serial = personalize(connection, KEYS, ID, IDENTITY, versions).serial
        correct_identity(connection, KEYS, ID, corrected, versions)
        inspect(connection)
        assert read_content(connection, KEYS, serial, versions) == CardContent(ID, corrected)


def test_what_a_card_refuses_is_named(rack: Rack, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_connection(rack.blank()) as connection:
        serial = personalize(connection, KEYS, ID, IDENTITY).serial
        with pytest.raises(CardStatusError, match="STORE_DATA"):
            correct_identity(connection, KEYS, ID, bytes(BLOCK_MAX + 1))
        inspect(connection)
        assert read_content(connection, KEYS, serial).identity == IDENTITY
        monkeypatch.setattr(Scp03Session, "send", lambda *_: (b"", 0x6985))
        inspect(connection)
        with pytest.raises(CardStatusError, match="GET_DATA"):
            read_content(connection, KEYS, serial)


def test_repr_hides_the_person() -> None:
    assert "Rahmah" not in repr(CardContent(ID, IDENTITY))
    assert IDENTITY.hex() not in repr(CardContent(ID, IDENTITY))
