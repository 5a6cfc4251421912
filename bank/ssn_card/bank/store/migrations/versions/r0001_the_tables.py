# SPDX-License-Identifier: Apache-2.0
"""The tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ssn_card.bank.store.migrations.append_only import first_triggers

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "family",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("key", name=op.f("uq_family_key")),
    )
    op.create_table(
        "log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("chain", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log")),
    )
    op.create_table(
        "print_design",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("first_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_print_design")),
    )
    op.create_table(
        "store",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("secret_check", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_store_one")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_store")),
    )
    op.create_table(
        "tablet",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("companion", sa.String(), nullable=False),
        sa.Column("terminal_id", sa.Integer(), nullable=False),
        sa.Column("receiving_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signing_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("registered_at", sa.String(length=20), nullable=False),
        sa.Column("retired_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tablet")),
        sa.UniqueConstraint("signing_key", name=op.f("uq_tablet_signing_key")),
        sa.UniqueConstraint("terminal_id", name=op.f("uq_tablet_terminal_id")),
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("disabled_at", sa.String(length=20), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("control", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["users.name"], name=op.f("fk_import_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
        sa.UniqueConstraint("kind", "sha256", "scope", name=op.f("uq_import_kind_sha256_scope")),
    )
    op.create_table(
        "outreach",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tablet", sa.String(), nullable=False),
        sa.Column("companion", sa.String(), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["users.name"], name=op.f("fk_outreach_made_by")),
        sa.ForeignKeyConstraint(["tablet"], ["tablet.name"], name=op.f("fk_outreach_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach")),
    )
    op.create_index(op.f("ix_outreach_tablet"), "outreach", ["tablet"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kode_kecamatan", sa.String(), nullable=False),
        sa.Column("kelurahan", sa.Integer(), nullable=False),
        sa.Column("companion", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.CheckConstraint("state IN ('ready', 'held', 'refused', 'deactivated')", name=op.f("ck_person_state")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_person_family_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
    )
    op.create_index(op.f("ix_person_companion"), "person", ["companion"], unique=False)
    op.create_index(op.f("ix_person_family_id"), "person", ["family_id"], unique=False)
    op.create_index(op.f("ix_person_likeness"), "person", ["likeness"], unique=False)
    op.create_table(
        "print_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("printer", sa.String(), nullable=False),
        sa.Column("design", sa.String(length=64), nullable=True),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reprint_of", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('face', 'letter', 'list')", name=op.f("ck_print_job_kind")),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'confirmed', 'failed', 'paused')", name=op.f("ck_print_job_state")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.name"], name=op.f("fk_print_job_created_by")),
        sa.ForeignKeyConstraint(["design"], ["print_design.sha256"], name=op.f("fk_print_job_design")),
        sa.ForeignKeyConstraint(["reprint_of"], ["print_job.id"], name=op.f("fk_print_job_reprint_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('batch', 'run')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint(
            "stage IN ('draft', 'submitted', 'approved', 'producing', 'done', 'cancelled')",
            name=op.f("ck_proposal_stage"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.name"], name=op.f("fk_proposal_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("name", name=op.f("uq_proposal_name")),
    )
    op.create_table(
        "batch_item",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_version", sa.Integer(), nullable=False),
        sa.Column("data", sa.String(length=64), nullable=False),
        sa.Column("replaces", sa.String(length=16), nullable=True),
        sa.Column("withdrawn_at", sa.String(length=20), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=40), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_item_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_batch_item_proposal_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["users.name"], name=op.f("fk_batch_item_withdrawn_by")),
        sa.PrimaryKeyConstraint("proposal_id", "place", name=op.f("pk_batch_item")),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_batch_item_proposal_id_person_id")),
    )
    op.create_index(op.f("ix_batch_item_person_id"), "batch_item", ["person_id"], unique=False)
    op.create_table(
        "card",
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("beneficiary_id", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("family_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("delivery", sa.String(), nullable=True),
        sa.Column("keys", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.String(length=20), nullable=False),
        sa.Column("replaces", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "state IN ('in-stock', 'produced', 'printed', 'delivered', 'activated', 'temporarily-lost', 'found', 'damaged', 'returned', 'blocked', 'replaced', 'terminated')",
            name=op.f("ck_card_state"),
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_card_family_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_card_proposal_id")),
        sa.ForeignKeyConstraint(["replaces"], ["card.serial"], name=op.f("fk_card_replaces")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_card")),
        sa.UniqueConstraint("beneficiary_id", name=op.f("uq_card_beneficiary_id")),
    )
    op.create_index(op.f("ix_card_person_id"), "card", ["person_id"], unique=False)
    op.create_index(op.f("ix_card_proposal_id"), "card", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_card_state"), "card", ["state"], unique=False)
    op.create_index(
        "one_live_card_for_a_family",
        "card",
        ["family_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('activated', 'blocked', 'delivered', 'found', 'printed', 'produced', 'returned', 'temporarily-lost')"
        ),
        postgresql_where=sa.text(
            "state IN ('activated', 'blocked', 'delivered', 'found', 'printed', 'produced', 'returned', 'temporarily-lost')"
        ),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "stage IN ('draft', 'submitted', 'approved', 'producing', 'done', 'cancelled')",
            name=op.f("ck_decision_stage"),
        ),
        sa.CheckConstraint(
            "step IN ('proposed', 'filled', 'submitted', 'refused', 'approved', 'begun', 'withdrawn', 'finished', 'cancelled')",
            name=op.f("ck_decision_step"),
        ),
        sa.ForeignKeyConstraint(["actor"], ["users.name"], name=op.f("fk_decision_actor")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_decision_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_proposal_id"), "decision", ["proposal_id"], unique=False)
    op.create_table(
        "import_line",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("reason_en", sa.String(), nullable=True),
        sa.Column("reason_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("of_import", sa.Integer(), nullable=True),
        sa.Column("of_line", sa.Integer(), nullable=True),
        sa.Column("corrects_import", sa.Integer(), nullable=True),
        sa.Column("corrects_line", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'known', 'changed', 'held', 'rejected')", name=op.f("ck_import_line_verdict")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_import_line_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_line_person_id")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_line")),
        sa.UniqueConstraint(
            "corrects_import", "corrects_line", name=op.f("uq_import_line_corrects_import_corrects_line")
        ),
    )
    op.create_index(op.f("ix_import_line_person_id"), "import_line", ["person_id"], unique=False)
    op.create_table(
        "near_double",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("like_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=True),
        sa.Column("at", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'same', 'different')", name=op.f("ck_near_double_state")),
        sa.ForeignKeyConstraint(["actor"], ["users.name"], name=op.f("fk_near_double_actor")),
        sa.ForeignKeyConstraint(["like_id"], ["person.id"], name=op.f("fk_near_double_like_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_near_double_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_near_double")),
        sa.UniqueConstraint("person_id", "like_id", name=op.f("uq_near_double_person_id_like_id")),
    )
    op.create_index(op.f("ix_near_double_person_id"), "near_double", ["person_id"], unique=False)
    op.create_table(
        "other_programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_other_programme_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_programme")),
        sa.UniqueConstraint("programme", "key", name=op.f("uq_other_programme_programme_key")),
    )
    op.create_index(op.f("ix_other_programme_key"), "other_programme", ["key"], unique=False)
    op.create_table(
        "person_version",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kode_kecamatan", sa.String(), nullable=False),
        sa.Column("kelurahan", sa.Integer(), nullable=False),
        sa.Column("companion", sa.String(), nullable=True),
        sa.Column("until", sa.String(length=20), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_person_version_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_version_person_id")),
        sa.PrimaryKeyConstraint("person_id", "version", name=op.f("pk_person_version")),
    )
    op.create_table(
        "visit",
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("outreach_id", sa.String(), nullable=False),
        sa.Column("tablet", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("companion", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("undoes", sa.String(), nullable=True),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_visit_import_id")),
        sa.ForeignKeyConstraint(["outreach_id"], ["outreach.id"], name=op.f("fk_visit_outreach_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.ForeignKeyConstraint(["tablet"], ["tablet.name"], name=op.f("fk_visit_tablet")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_visit")),
        sa.UniqueConstraint("tablet", "number", name=op.f("uq_visit_tablet_number")),
    )
    op.create_index(op.f("ix_visit_outreach_id"), "visit", ["outreach_id"], unique=False)
    op.create_index(op.f("ix_visit_person_id"), "visit", ["person_id"], unique=False)
    op.create_table(
        "card_identity",
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["actor"], ["users.name"], name=op.f("fk_card_identity_actor")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_card_identity_serial")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_card_identity")),
    )
    op.create_table(
        "card_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["actor"], ["users.name"], name=op.f("fk_card_move_actor")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_card_move_import_id")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_card_move_serial")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_move")),
        sa.UniqueConstraint("uid", name=op.f("uq_card_move_uid")),
    )
    op.create_index(op.f("ix_card_move_serial"), "card_move", ["serial"], unique=False)
    op.create_table(
        "card_tip",
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_card_tip_serial")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_card_tip")),
    )
    op.create_table(
        "delivered",
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("update_seq", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_delivered_import_id")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_delivered_serial")),
        sa.PrimaryKeyConstraint("serial", "update_seq", name=op.f("pk_delivered")),
    )
    op.create_table(
        "missed_load",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("tranche", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("granted_serial", sa.String(length=16), nullable=True),
        sa.Column("granted_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["granted_serial"], ["card.serial"], name=op.f("fk_missed_load_granted_serial")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_missed_load_person_id")),
        sa.PrimaryKeyConstraint("person_id", "policy_id", "tranche", name=op.f("pk_missed_load")),
    )
    op.create_table(
        "outreach_item",
        sa.Column("outreach_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["outreach_id"], ["outreach.id"], name=op.f("fk_outreach_item_outreach_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outreach_item_person_id")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_outreach_item_serial")),
        sa.PrimaryKeyConstraint("outreach_id", "person_id", name=op.f("pk_outreach_item")),
    )
    op.create_table(
        "print_item",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_print_item_job_id")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_print_item_serial")),
        sa.PrimaryKeyConstraint("job_id", "place", name=op.f("pk_print_item")),
    )
    op.create_index(op.f("ix_print_item_serial"), "print_item", ["serial"], unique=False)
    op.create_table(
        "replacement",
        sa.Column("old_serial", sa.String(length=16), nullable=False),
        sa.Column("new_serial", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("in_hand", sa.Boolean(), nullable=False),
        sa.Column("loaded", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("held_back", sa.Integer(), nullable=False),
        sa.Column("released", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.Column("month_spent", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.String(length=20), nullable=False),
        sa.Column("final_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["new_serial"], ["card.serial"], name=op.f("fk_replacement_new_serial")),
        sa.ForeignKeyConstraint(["old_serial"], ["card.serial"], name=op.f("fk_replacement_old_serial")),
        sa.PrimaryKeyConstraint("old_serial", name=op.f("pk_replacement")),
        sa.UniqueConstraint("new_serial", name=op.f("uq_replacement_new_serial")),
    )
    op.create_table(
        "run_item",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_run_item_proposal_id")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_run_item_serial")),
        sa.PrimaryKeyConstraint("proposal_id", "serial", name=op.f("pk_run_item")),
    )
    op.create_table(
        "update",
        sa.Column("serial", sa.String(length=16), nullable=False),
        sa.Column("update_seq", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=True),
        sa.Column("issued_at", sa.String(length=20), nullable=False),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_update_proposal_id")),
        sa.ForeignKeyConstraint(["serial"], ["card.serial"], name=op.f("fk_update_serial")),
        sa.PrimaryKeyConstraint("serial", "update_seq", name=op.f("pk_update")),
    )
    op.create_index(op.f("ix_update_proposal_id"), "update", ["proposal_id"], unique=False)
    for statement in first_triggers(
        op.get_bind().dialect.name, ("card_move", "decision", "delivered", "log", "person_version")
    ):
        op.execute(statement)
