# SPDX-License-Identifier: Apache-2.0
"""One SCP03 session from INITIALIZE UPDATE to its end (GPC 2.2 Amendment D v1.1.1).

It fails closed: whatever does not verify, and any failure of the line while a command is under way, ends the session
and drops its keys; every later use raises :class:`SecureChannelDead`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.errors import SsnCardError, Text

from .apdu import parse_command
from .derivation import CHALLENGE, card_cryptogram, host_cryptogram, session_keys
from .errors import BadCommand, CardNotOurs, ChannelRefused, HostRejected, MalformedOpening, SecureChannelDead
from .levels import MINIMUM_LEVEL, SecurityLevel, check_level, check_offered
from .messaging import SecureMessaging
from .opening import parse_initialize_update, status_checked
from .static_keys import KeysFor

INITIALIZE_UPDATE = 0x50
EXTERNAL_AUTHENTICATE = 0x82
_CLA = 0x80
_CLA_SECURE = 0x84
_REFUSALS = (0x6300, 0x6982)  #: wrong host cryptogram (GPC 2.3.1 table D-9) and wrong C-MAC of EXTERNAL AUTHENTICATE

_CLOSED = Text("it was closed.", "saluran sudah ditutup.")
_LINE_FAILED = Text("the line to the card failed.", "hubungan ke kartu gagal.")

#: Sends one command APDU and returns data and status word; follows 61xx and 6Cxx by itself where the line needs it.
Transmit = Callable[[bytes], bytes]


class Scp03Session(Closing):
    """An open secure channel; get one from :meth:`open`. A context manager that drops the keys at its end."""

    __slots__ = ("_cause", "_dek", "_level", "_messaging", "_transmit", "diversification", "kvn")

    _cause: Text  #: why it ended

    def __init__(
        self, transmit: Transmit, messaging: SecureMessaging, dek: SecretKey, *, diversification: bytes, kvn: int
    ) -> None:
        """For :meth:`open`, after both sides have proved themselves."""
        self._transmit = transmit
        self._messaging: SecureMessaging | None = messaging
        self._dek: SecretKey | None = dek
        self._level = messaging.level
        self.diversification = diversification  #: 10 bytes; the serial is the first 8
        self.kvn = kvn  #: key version number that the card used

    @classmethod
    def open(
        cls,
        transmit: Transmit,
        keys_for: KeysFor,
        *,
        kvn: int,
        level: SecurityLevel = MINIMUM_LEVEL,
        minimum: SecurityLevel = MINIMUM_LEVEL,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> Scp03Session:
        """Authenticate both sides and agree on session keys. The applet must be selected.

        Args:
            transmit: sends one APDU, returns data and status word.
            keys_for: gives the static keys for the card's 10 bytes of diversification data and key version number.
            kvn: key version number asked for, 0 to 127; 0 lets the card choose.
            level: protection of all commands that follow, a row of table 7-3.
            minimum: refuses a ``level`` below it; lower it only for cards that are not ours.
            random_bytes: source of the host challenge; replaced only to replay a recorded session.

        Raises:
            CardNotOurs, HostRejected, ChannelRefused, MalformedOpening, LevelNotSupported, BadCommand, and whatever
            ``transmit`` and ``keys_for`` raise.
        """
        check_level(level, minimum)
        if not 0 <= kvn <= 0x7F:
            raise BadCommand(Text("A key version number is 0 to 127.", "Nomor versi kunci adalah 0 sampai 127."))
        host_challenge = random_bytes(CHALLENGE)
        command = bytes([_CLA, INITIALIZE_UPDATE, kvn, 0x00, CHALLENGE]) + host_challenge + b"\x00"
        answer = parse_initialize_update(transmit(command), kvn)
        check_offered(level, answer.i)

        static = keys_for(answer.diversification, answer.kvn)
        keys = session_keys(static.enc, static.mac, host_challenge, answer.card_challenge)
        expected = card_cryptogram(keys.mac, host_challenge, answer.card_challenge)
        # Before the host cryptogram is sent: a stranger must not learn it.
        if not macs_equal(expected, answer.card_cryptogram):
            raise CardNotOurs(
                Text(
                    f"The card's cryptogram under key version {answer.kvn:02X} is wrong.",
                    f"Kriptogram kartu dengan versi kunci {answer.kvn:02X} salah.",
                )
            )
        messaging = SecureMessaging(keys, level)
        proof = host_cryptogram(keys.mac, host_challenge, answer.card_challenge)
        header = bytes([_CLA_SECURE, EXTERNAL_AUTHENTICATE, level, 0x00])
        _authenticated(transmit(messaging.authenticate(header, proof)))
        return cls(transmit, messaging, static.dek, diversification=answer.diversification, kvn=answer.kvn)

    @property
    def alive(self) -> bool:
        """Whether the channel can still be used."""
        return self._messaging is not None

    @property
    def level(self) -> SecurityLevel:
        """Protection of every command and answer."""
        return self._level

    @property
    def max_data(self) -> int:
        """Most data bytes that one command may carry: 111 with encryption, 119 with C-MAC alone."""
        return self._living().max_data

    def send(self, apdu: bytes) -> tuple[bytes, int]:
        """Send one plain short APDU protected; returns the plain answer data and the status word.

        With R-MAC, status 9000 and warnings are authentic, and data too; an error status never is, because SCP03
        sends it bare (section 6.2.5). Without R-MAC nothing in the answer is authentic.

        Raises:
            BadCommand, CommandTooLong: nothing was sent, the channel lives.
            ResponseMacError: the answer is not the card's; the channel is dead.
            SecureChannelDead: the channel had ended before.
            What ``transmit`` raises: it is unknown whether the card got the command; the channel is dead.
        """
        messaging = self._living()
        wrapped = messaging.wrap(parse_command(apdu))
        try:
            return messaging.unwrap(self._transmit(wrapped))
        except BaseException as error:
            self._end(error.text if isinstance(error, SsnCardError) else _LINE_FAILED)
            raise

    def wrap_key(self, key: SecretKey) -> bytes:
        """``key`` under the static DEK: AES-CBC with a zero ICV, 16 bytes, no padding (section 6.2.8).

        Raises :class:`SecureChannelDead`.
        """
        if self._dek is None:
            raise SecureChannelDead(self._cause)
        return self._dek.encrypt_cbc(key.value())

    def wrap_key_with_kcv(self, key: SecretKey) -> bytes:
        """:meth:`wrap_key` followed by the 3-byte key check value of the plain key (section 7.2.2): 19 bytes."""
        return self.wrap_key(key) + key.kcv()

    def close(self) -> None:
        """Drop all keys. The card ends its side at the next SELECT, INITIALIZE UPDATE or reset."""
        self._end(_CLOSED)

    def __repr__(self) -> str:
        state = "alive" if self.alive else "dead"
        return f"<Scp03Session key version {self.kvn:02X}, level {int(self._level):02X}, {state}>"

    def _living(self) -> SecureMessaging:
        if self._messaging is None:
            raise SecureChannelDead(self._cause)
        return self._messaging

    def _end(self, cause: Text) -> None:
        if self._messaging is not None:
            self._cause = cause
        self._messaging = None
        self._dek = None


def _authenticated(response: bytes) -> None:
    """Check the answer to EXTERNAL AUTHENTICATE, which never carries data or an R-MAC (section 6.2.5)."""
    try:
        data = status_checked(response, "EXTERNAL AUTHENTICATE")
    except ChannelRefused as error:
        if error.sw in _REFUSALS:
            raise HostRejected(error.sw) from error
        raise
    if data:
        raise MalformedOpening(
            Text("EXTERNAL AUTHENTICATE was answered with data.", "EXTERNAL AUTHENTICATE dijawab dengan data.")
        )
