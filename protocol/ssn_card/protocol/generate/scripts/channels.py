# SPDX-License-Identifier: Apache-2.0
"""SCP03 sessions with a personalized card: reading and correcting the identity, and every refusal."""

from __future__ import annotations

from functools import cache

from ... import status
from ...commands import EXTERNAL_AUTHENTICATE, GET_DATA, STORE_DATA
from ...values import KeyVersionNumber
from .. import sample, secure
from ..playing import Script
from .personalizing import fresh, store

_ISSUER, _REGISTRY, _TRANSPORT = KeyVersionNumber.ISSUER, KeyVersionNumber.REGISTRY, KeyVersionNumber.TRANSPORT
_LAST = 0x88
_NEW_NAME = "CONTOH SAJA BINTI SIAPA PUN"


@cache
def reading() -> Script:
    """A field device: an empty command, so nothing is encrypted, and an encrypted answer."""
    script = Script(
        "a field device reads the identity", "GET DATA, twice, in one session at level 33.", fresh()
    ).select()
    session = script.open(_REGISTRY, 0x33)
    for number in ("first", "second"):
        answer = sample.BENEFICIARY + secure.identity()
        script.protected(f"GET DATA, the {number} time", session.exchange(GET_DATA.header(), b"", answer))
    return script


def _correcting() -> Script:
    script = Script("the bank corrects the identity", "STORE DATA with the ISSUER's keys; then it is read.", fresh())
    script.select()
    session = script.open(_ISSUER, 0x33)
    group = secure.identity_group(_NEW_NAME)
    script.protected("STORE DATA: one block, the last", store(session, 0, group, _LAST))
    answer = sample.BENEFICIARY + secure.identity(_NEW_NAME)
    script.protected("GET DATA", session.exchange(GET_DATA.header(), b"", answer))
    again = store(session, 1, b"", _LAST)
    script.protected("a last block without a group", again, status.PersonalizationIncomplete)
    return script


def _levels() -> list[Script]:
    """A session at each level that there is, with the first key set."""
    scripts = []
    for level in secure.LEVELS:
        script = Script(f"level {level:02X}", "STORE DATA of the identity at this level.", fresh()).select()
        session = script.initialize("INITIALIZE UPDATE with 00, which stands for ISSUER here", _ISSUER, level, said=0)
        script.raw("EXTERNAL AUTHENTICATE", session.authenticate)
        script.protected("STORE DATA", store(session, 0, secure.identity_group(_NEW_NAME), _LAST))
        if level != secure.LEVELS[-1]:
            refused = session.exchange(GET_DATA.header(), b"")
            script.protected("GET DATA, whose answer would be in clear", refused, status.SecurityStatusNotSatisfied)
        scripts.append(script)
    return scripts


def _opening_refused() -> Script:
    script = Script("no session opens", "What INITIALIZE UPDATE and EXTERNAL AUTHENTICATE refuse.", fresh()).select()
    script.raw("TRANSPORT keys on a personalized card", secure.initialize_update(_TRANSPORT), status.KeyNotFound)
    script.raw("a key version number that there is not", secure.initialize_update(0x32), status.KeyNotFound)
    wrong_p2 = bytearray(secure.initialize_update(_ISSUER))
    wrong_p2[3] = 1
    script.raw("INITIALIZE UPDATE with P2 = 01", bytes(wrong_p2), status.WrongParameters)
    short = bytes.fromhex("8050300007") + secure.HOST_CHALLENGE[:7] + b"\x00"
    script.raw("a host challenge of 7 bytes", short, status.WrongLength)
    alone = secure.Session(_ISSUER, 0x33, bytes(8)).authenticate
    script.raw("EXTERNAL AUTHENTICATE without INITIALIZE UPDATE", alone, status.ConditionsNotSatisfied)
    for level in (0x00, 0x01, 0x11, 0x43):
        session = script.initialize("INITIALIZE UPDATE", _ISSUER, level)
        script.raw(f"EXTERNAL AUTHENTICATE with level {level:02X}", session.authenticate, status.WrongParameters)
        right = secure.Session(_ISSUER, 0x33, session.card_challenge).authenticate
        script.raw("and then with 33: too late", right, status.ConditionsNotSatisfied)
    session = script.initialize("INITIALIZE UPDATE", _ISSUER, 0x33)
    wrong = session.with_mac(EXTERNAL_AUTHENTICATE.header(p1=0x33), bytes(8))
    script.raw("EXTERNAL AUTHENTICATE with another cryptogram", wrong, status.CryptogramRejected)
    session = script.initialize("INITIALIZE UPDATE", _ISSUER, 0x33)
    spoilt = session.authenticate[:-1] + bytes((session.authenticate[-1] ^ 1,))
    script.raw("EXTERNAL AUTHENTICATE with a wrong C-MAC", spoilt, status.WrongMac)
    session = script.initialize("INITIALIZE UPDATE", _ISSUER, 0x33)
    script.raw(
        "EXTERNAL AUTHENTICATE of 15 bytes",
        session.authenticate[:4] + b"\x0f" + session.authenticate[5:-1],
        status.WrongLength,
    )
    script.raw("the right one behind it: opens all the same", session.authenticate)
    return script


def _ending() -> list[Script]:
    """What ends a session that is open."""

    def begun(name: str, level: int = 0x33) -> tuple[Script, secure.Session]:
        script = Script(f"a session ends: {name}", "What is sent afterwards gives 6982.", fresh()).select()
        return script, script.open(_ISSUER, level)

    def ended(script: Script, session: secure.Session) -> Script:
        script.protected("GET DATA", session.exchange(GET_DATA.header(), b""), status.SecurityStatusNotSatisfied)
        return script

    scripts = []
    script, session = begun("a wrong C-MAC")
    sent = session.exchange(GET_DATA.header(), b"").command
    script.raw("GET DATA with a wrong C-MAC", sent[:-2] + bytes((sent[-2] ^ 1,)) + sent[-1:], status.WrongMac)
    scripts.append(ended(script, session))
    script, session = begun("no padding")
    script.raw("STORE DATA without padding", session.badly_padded(STORE_DATA.header(p1=_LAST, p2=0)), status.WrongMac)
    scripts.append(ended(script, session))
    script, session = begun("a command replayed")
    sent_twice = session.exchange(GET_DATA.header(), b"", sample.BENEFICIARY + secure.identity())
    script.protected("GET DATA", sent_twice)
    script.raw("the same again", sent_twice.command, status.WrongMac)
    scripts.append(ended(script, session))
    script, session = begun("SELECT")
    script.select()
    scripts.append(ended(script, session))
    script, session = begun("reset")
    script.event("reset: the applet is not selected")
    script.select()
    scripts.append(ended(script, session))
    script = Script("no session", "A command of class 84 without one.", fresh()).select()
    sent = secure.Session(_ISSUER, 0x33, bytes(8)).exchange(GET_DATA.header(), b"").command
    script.raw("GET DATA", sent, status.SecurityStatusNotSatisfied)
    return [*scripts, script, _in_a_session()]


def _in_a_session() -> Script:
    """What is refused inside a session."""
    script = Script("refused in a session", "Commands that a session does not help.", fresh()).select()
    session = script.open(_REGISTRY, 0x33)
    stored = store(session, 0, secure.identity_group(), _LAST)
    script.protected("STORE DATA with the REGISTRY's keys", stored, status.ConditionsNotSatisfied)
    got = session.exchange(bytes.fromhex("84ca0101"), b"")
    script.protected("GET DATA of another group", got, status.WrongParameters)
    unknown = session.exchange(bytes.fromhex("84f20000"), b"")
    script.protected("an unknown instruction", unknown, status.InstructionNotSupported)
    right = session.exchange(GET_DATA.header(), b"", sample.BENEFICIARY + secure.identity())
    script.protected("the session lives all the same: GET DATA", right)
    return script


def not_genuine() -> list[dict[str, str]]:
    """Answers to the first GET DATA of :func:`reading` as a line without keys might make them."""
    answer = next(one.answer for one in reading().exchanges if one.secure)
    return [
        {"why": why, "answer": data.hex(), "sw": sw}
        for why, data, sw in (
            ("the R-MAC's last bit", answer[:-1] + bytes((answer[-1] ^ 1,)), "9000"),
            ("the first byte of the data", bytes((answer[0] ^ 1,)) + answer[1:], "9000"),
            ("no R-MAC", answer[:-8], "9000"),
            ("nothing", b"", "9000"),
            ("a block cut out", answer[16:], "9000"),
            ("another status word with the data", answer, "6a88"),
            ("a warning's status word", answer, "6310"),
        )
    ]


def scripts() -> list[Script]:
    """For ``scp03.json``."""
    return [reading(), _correcting(), *_levels(), _opening_refused(), *_ending()]
