# SPDX-License-Identifier: Apache-2.0
"""``ssn audit``: receipts by the million: verified, packed into a store, and the verdict signed.

What a command needs of the extra ``[audit]`` is imported when it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from .audit_books import DataFolder, PackedStore, RuleParameterFile
from .audit_options import AttestOptions, Receipts, ReportOptions, RunOptions, SigningKey
from .errors import ExtraMissing
from .grouped import grouped
from .judging import JudgingOptions, TipsFile
from .options import NewFolder, OutFile, OutFolder, PublicKey, ReceiptKeyOptions
from .output import AsJson

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

AttestedInputs = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="INPUT...",
        help="Files, folders and stores that are to be those judged / "
        "berkas, folder, dan gudang yang seharusnya adalah yang diperiksa.",
    ),
]
Findings = Annotated[
    Path | None,
    typer.Option(
        "--findings",
        metavar="FILE",
        help="All findings, as the name says: .parquet, .csv or .jsonl / semua temuan: .parquet, .csv, atau .jsonl.",
    ),
]


@app.command()
@grouped
def verify(
    *,
    paths: Receipts,
    judging: JudgingOptions,
    keys: ReceiptKeyOptions,
    run: RunOptions,
    findings: Findings = None,
    attest: AttestOptions,
    json: AsJson = False,
) -> None:
    """Verify receipts in bulk: files, folders and stores, all together. Exit code 3 if anything is found.

    Periksa kuitansi secara massal: berkas, folder, dan gudang sekaligus. Kode keluar 3 bila ada temuan.
    """
    with _extra():
        from .audit_verify import verified
    verified(paths, judging, keys, run, findings, attest, json)


@app.command()
def pack(
    *,
    paths: Receipts,
    store: Annotated[
        Path,
        typer.Option(
            "--store",
            metavar="DIR",
            help="Folder of the store, new or made by this command / folder gudang, baru atau buatan perintah ini.",
        ),
    ],
    json: AsJson = False,
) -> None:
    """Pack receipts into a store, sorted by card, which later audits read in a fraction of the time.

    Kemas kuitansi ke gudang, terurut menurut kartu, agar pemeriksaan berikutnya jauh lebih cepat.
    """
    with _extra():
        from .audit_pack import packed
    packed(paths, store, json)


@app.command()
@grouped
def rules(
    *,
    store: PackedStore,
    data: DataFolder,
    keys: ReceiptKeyOptions,
    parameters: RuleParameterFile = None,
    json: AsJson = False,
) -> None:
    """Find whom to visit, and why: rules A1 to A18 over the genuine receipts of a store, which is verified first.

    Temukan siapa yang perlu dikunjungi dan sebabnya: aturan A1 sampai A18 atas kuitansi asli, setelah diperiksa.
    """
    with _extra():
        from .audit_rules import ruled
    ruled(store, data, keys, parameters, json)


@app.command()
@grouped
def reconcile(
    *,
    store: PackedStore,
    data: DataFolder,
    keys: ReceiptKeyOptions,
    tips: TipsFile = None,
    out_dir: NewFolder = None,
    json: AsJson = False,
) -> None:
    """Say where the money is: by card, shop, kecamatan and policy, to the rupiah; the store is verified first.

    Jelaskan di mana uangnya: per kartu, toko, kecamatan, dan kebijakan, sampai rupiah; gudang diperiksa dahulu.

    With --out-dir: all accounts as CSV, and a statement for each shop, PDF and CSV. Exit code 3 where receipts or
    offices contradict each other, or more was disbursed than budgeted.

    Dengan --out-dir: semua pembukuan sebagai CSV, dan rekening tiap toko, PDF dan CSV. Kode keluar 3 bila kuitansi atau
    kantor saling bertentangan, atau penyaluran melebihi pagu.
    """
    with _extra("report"):
        from .audit_reconcile import reconciled
    reconciled(store, data, keys, tips, out_dir, json)


@app.command()
@grouped
def report(
    *,
    store: PackedStore,
    data: DataFolder,
    judging: JudgingOptions,
    keys: ReceiptKeyOptions,
    parameters: RuleParameterFile = None,
    pages: ReportOptions,
    out_dir: OutFolder,
    key: SigningKey = None,
    json: AsJson = False,
) -> None:
    """Write the auditor's report on a store: whom to visit, the proof, what was checked; HTML, PDF, CSV and JSON.

    Tulis laporan auditor atas gudang: siapa yang perlu dikunjungi, buktinya, yang diperiksa; HTML, PDF, CSV, dan JSON.

    The store is verified first, the money reconciled, the rules applied. The same inputs give the same bytes.

    Gudang diperiksa dulu, dana direkonsiliasi, aturan diterapkan. Masukan yang sama menghasilkan bita yang sama.
    """
    with _extra("report"):
        from .audit_report import reported
    reported(store, data, judging, keys, parameters, pages, out_dir, key, json)


@app.command("check-report")
def check_report(
    *,
    folder: Annotated[
        Path,
        typer.Argument(metavar="REPORT", help="What ssn audit report wrote / folder laporan hasil perintah report."),
    ],
    inputs: AttestedInputs = None,
    public_key: PublicKey,
    json: AsJson = False,
) -> None:
    """Check a report: its signature, each of its files, then that these inputs are those it rests on.

    Periksa laporan: tanda tangannya, tiap berkasnya, lalu apakah masukan ini memang dasarnya.
    """
    with _extra("report"):
        from .audit_report_check import checked_report
    checked_report(folder, inputs or [], public_key, json)


@app.command("attestation-key")
def attestation_key(*, out: OutFile, json: AsJson = False) -> None:
    """Make the auditor's own signing key, and its public part in a file beside it: FILE.pub.

    Buat kunci tanda tangan auditor, beserta kunci publiknya di berkas sebelahnya: FILE.pub.

    The password comes from SSN_ATTESTATION_PASSWORD or is asked for.

    Kata sandi dari SSN_ATTESTATION_PASSWORD atau ditanyakan.
    """
    with _extra():
        from .audit_proof import key_made
    key_made(out, json)


@app.command("check-attestation")
def check_attestation(
    *,
    attestation: Annotated[
        Path, typer.Argument(metavar="FILE", help="What ssn audit verify --attest wrote / hasil --attest.")
    ],
    inputs: AttestedInputs = None,
    public_key: PublicKey,
    findings: Findings = None,
    json: AsJson = False,
) -> None:
    """Check an attestation: its signature, then that these files and findings are those it speaks of.

    Periksa pernyataan: tanda tangannya, lalu apakah berkas dan temuan ini memang yang dimaksud.
    """
    with _extra():
        from .audit_proof import checked
    checked(attestation, inputs or [], public_key, findings, json)


@contextmanager
def _extra(extra: str = "audit") -> Iterator[None]:
    """Names the extra where a package of others is missing; where one of ours is, that is a defect."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("ssn_card"):
            raise
        raise ExtraMissing(extra, error.name) from None
