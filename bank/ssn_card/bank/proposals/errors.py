# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with batches and runs. Nothing was done where one of these is raised.

The tree::

    BankError
      ProposalError
        ProposalNameUnfit (InputError)
        ProposalExists (InputError)
        ProposalStageRefused (InputError)
        OwnProposal (InputError)
        EmptyProposal (InputError)
        ContentChanged (ConfigurationError)
        ReasonMissing (InputError)
        CardNotReplaceable (InputError)
        ItemHasCard (InputError)
        BatchIncomplete (InputError)
        PolicyDiffers (InputError)
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, Text

from ..errors import BankError
from ..life import LifePhase


class ProposalError(BankError):
    """Root of what is wrong with a batch or a run."""

    code = "proposal"


class ProposalNameUnfit(ProposalError, InputError):
    """A name that would not stand well in files, logs and on paper."""

    code = "proposal-name"
    text = Text("This cannot be a name: {name}.", "Ini tidak dapat menjadi nama: {name}.")
    remedy = Text(
        "Take up to 40 letters, digits, dots and hyphens, such as 2025-10-palaran; no personal data.",
        "Pakai paling banyak 40 huruf, angka, titik, dan tanda hubung, misalnya 2025-10-palaran; tanpa data pribadi.",
    )
    where = "{name}"
    name: str


class ProposalExists(ProposalError, InputError):
    """The name is taken, perhaps by one that is over; names are never used again."""

    code = "proposal-exists"
    text = Text("There is a batch or run {name} already.", "Kelompok atau tindakan {name} sudah ada.")
    remedy = Text("Choose another name.", "Pilih nama lain.")
    where = "{name}"
    name: str


class ProposalStageRefused(ProposalError, InputError):
    """The step is not for a proposal at this stage."""

    code = "proposal-stage"
    text = Text("{name} is {stage}: it cannot be {step}.", "{name} berstatus {stage}: tidak dapat {step}.")
    remedy = Text(
        "Stages follow each other: draft, submitted, approved, producing, done. Look where it stands: "
        "ssn bank batches show, ssn bank runs show.",
        "Tahapnya berurutan: rancangan, diajukan, disetujui, diproduksi, selesai. Lihat tahapnya: "
        "ssn bank batches show, ssn bank runs show.",
    )
    where = "{name}"
    name: str
    stage: Text
    step: Text


class OwnProposal(ProposalError, InputError):
    """Nobody approves what he has created, filled or submitted, whatever his roles."""

    code = "own-proposal"
    text = Text(
        "{user} cannot approve {name}: it is his own.", "{user} tidak dapat menyetujui {name}: miliknya sendiri."
    )
    remedy = Text(
        "Have another person approve it, who has neither prepared nor submitted it.",
        "Mintalah persetujuan orang lain, yang tidak menyiapkan dan tidak mengajukannya.",
    )
    figures = ("user",)
    where = "{name}"
    user: str
    name: str


class EmptyProposal(ProposalError, InputError):
    """There is nothing in it."""

    code = "empty-proposal"
    text = Text("{name} has nothing in it.", "{name} kosong.")
    remedy = Text(
        "Widen what it is filled by; held and deactivated persons, families with a card and those in other open "
        "batches are left out.",
        "Perluas pilihannya; orang yang ditahan atau dinonaktifkan, keluarga yang sudah mendapat kartu, dan yang ada "
        "di kelompok terbuka lain tidak diikutkan.",
    )
    where = "{name}"
    name: str


class ContentChanged(ProposalError, ConfigurationError):
    """What was approved, or submitted, is no longer what the store holds: it was changed beneath."""

    code = "content-changed"
    text = Text(
        "The content of {name} is not what was submitted: SHA-256 {found}, not {expected}.",
        "Isi {name} bukan yang diajukan: SHA-256 {found}, bukan {expected}.",
    )
    remedy = Text(
        "Nothing is made of it. Keep the store as it is, verify its log (ssn bank verify-log), and find out who "
        "changed it; then cancel it and propose anew.",
        "Tidak ada yang diproduksi darinya. Biarkan simpanan data apa adanya, periksa log-nya (ssn bank verify-log), "
        "dan cari tahu siapa yang mengubahnya; lalu batalkan dan ajukan yang baru.",
    )
    figures = ("expected", "found")
    where = "{name}"
    name: str
    expected: str
    found: str


class ReasonMissing(ProposalError, InputError):
    """The step needs words for the record."""

    code = "reason-missing"
    text = Text("{name} cannot be {step} without a reason.", "{name} tidak dapat {step} tanpa alasan.")
    remedy = Text("Say why; no personal data.", "Sebutkan alasannya; tanpa data pribadi.")
    where = "--reason"
    name: str
    step: Text


class CardNotReplaceable(ProposalError, InputError):
    """A card that somebody can use, or that is out of use for good: no other is made in its place."""

    code = "card-not-replaceable"
    text = Text(
        "Card {serial} is {state}: no other is made in its place.", "Kartu {serial} berstatus {state}: tidak diganti."
    )
    remedy = Text(
        "A card in use is blocked or reported lost first: ssn bank cards. For one that is over, put the person into a "
        "batch without --reissue.",
        "Kartu yang dipakai diblokir atau dilaporkan hilang dahulu: ssn bank cards. Untuk kartu yang sudah berakhir, "
        "masukkan orangnya ke kelompok tanpa --reissue.",
    )
    where = "{serial}"
    serial: str
    state: LifePhase


class ItemHasCard(ProposalError, InputError):
    """Somebody who has got his card from the batch cannot be withdrawn from it."""

    code = "item-has-card"
    text = Text("Line {line} of {name} has its card already.", "Baris {line} dari {name} sudah mendapat kartunya.")
    remedy = Text(
        "What is to become of the card is another matter: ssn bank cards.",
        "Nasib kartunya adalah urusan lain: ssn bank cards.",
    )
    where = "{name}"
    name: str
    line: int


class BatchIncomplete(ProposalError, InputError):
    """Not everybody of the batch has a card, as far as the store knows."""

    code = "batch-incomplete"
    text = Text(
        "{count} lines of {name} have no card: {lines}.", "{count} baris dari {name} belum mendapat kartu: {lines}."
    )
    remedy = Text(
        "Import the stations' journals (ssn bank import-station), go on at the station (ssn perso run), or withdraw "
        "the lines with a reason: ssn bank batches withdraw.",
        "Impor jurnal stasiun (ssn bank import-station), lanjutkan di stasiun (ssn perso run), atau tarik baris itu "
        "dengan alasan: ssn bank batches withdraw.",
    )
    figures = ("count",)
    where = "{name}"
    name: str
    count: int
    lines: str


class PolicyDiffers(ProposalError, InputError):
    """The policy gives another sum than the one that the batch was approved with."""

    code = "policy-differs"
    text = Text(
        "Policy {policy_id} gives Rp{found} to each; {name} was approved with Rp{approved}.",
        "Kebijakan {policy_id} memberi Rp{found} per keluarga; {name} disetujui dengan Rp{approved}.",
    )
    remedy = Text(
        "Name the policies that it was approved with (--policies), or propose a batch under the new ones.",
        "Sebutkan kebijakan yang dipakai saat disetujui (--policies), atau ajukan kelompok menurut yang baru.",
    )
    figures = ("approved", "found")
    where = "{name}"
    name: str
    policy_id: int
    approved: int
    found: int
