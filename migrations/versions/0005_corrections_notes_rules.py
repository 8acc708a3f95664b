"""Corrections by the coordinator, internal notes about providers, how a district reviews, and what
becomes of a report's unconfirmed rows.

The CHECK on the journal's events is written anew: Alembic does not compare it.
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

BEFORE = (
    'district:added', 'course_list:added', 'course_list:configured', 'mail_text:changed',
    'provider:added', 'provider:changed', 'venue:added', 'venue:changed', 'venue:removed',
    'contact:added', 'contact:changed', 'contact:removed', 'user:added', 'membership:added',
    'membership:removed', 'user:deactivated', 'codes:loaded', 'round:opened', 'round:closed',
    'round:moved', 'round:reopened', 'reminder:queued', 'reminder:withdrawn', 'list:uploaded',
    'list:mended', 'list:taken_over', 'report:started', 'course:added', 'course:changed',
    'course:confirmed', 'course:ended', 'course:cancelled', 'course:resumed', 'course:adopted',
    'statement:taken', 'statement:ended', 'report:submitted', 'report:taken_back',
    'report:revised', 'report:revision_discarded', 'report:approved', 'report:carried_over',
    'report:reopened', 'question:asked', 'question:answered', 'question:closed',
    'interim:reported', 'edition:published', 'sign_in:requested', 'person:signed_in',
    'person:signed_out', 'sessions:ended',
)
NOW = (
    'district:added', 'course_list:added', 'course_list:configured', 'mail_text:changed',
    'provider:added', 'provider:changed', 'venue:added', 'venue:changed', 'venue:removed',
    'contact:added', 'contact:changed', 'contact:removed', 'user:added', 'membership:added',
    'membership:removed', 'user:deactivated', 'codes:loaded', 'round:opened', 'round:closed',
    'round:moved', 'round:reopened', 'reminder:queued', 'reminder:withdrawn', 'list:uploaded',
    'list:mended', 'list:taken_over', 'report:started', 'course:added', 'course:changed',
    'course:confirmed', 'course:ended', 'course:cancelled', 'course:resumed', 'course:adopted',
    'course:corrected', 'correction:accepted', 'correction:objected', 'correction:settled',
    'note:written', 'note:removed', 'review_rules:changed', 'statement:taken', 'statement:ended',
    'report:submitted', 'report:taken_back', 'report:revised', 'report:revision_discarded',
    'report:approved', 'report:carried_over', 'report:reopened', 'report:unconfirmed_decided',
    'question:asked', 'question:answered', 'question:closed', 'interim:reported',
    'edition:published', 'sign_in:requested', 'person:signed_in', 'person:signed_out',
    'sessions:ended',
)
ADDED = tuple(event for event in NOW if event not in BEFORE)


def _allow(events):
    rule = "event IN (" + ", ".join(f"'{event}'" for event in events) + ")"
    with op.batch_alter_table('journal_entry', schema=None, recreate='auto') as batch_op:
        batch_op.drop_constraint(op.f('ck_journal_entry_event'), type_='check')
        batch_op.create_check_constraint(op.f('ck_journal_entry_event'), sa.text(rule))


def upgrade() -> None:
    op.create_table('review_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('trivial_fields', sa.String(length=1500), nullable=True),
    sa.Column('ignored_notices', sa.String(length=1500), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_review_rules_district_id_district')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_rules')),
    sa.UniqueConstraint('district_id', name=op.f('uq_review_rules_district_id'))
    )
    op.create_table('provider_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=2000), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('written_by', sa.String(length=120), nullable=False),
    sa.CheckConstraint('length(text) > 0', name=op.f('ck_provider_note_says_something')),
    sa.ForeignKeyConstraint(['provider_id', 'district_id'], ['provider_district.provider_id', 'provider_district.district_id'], name=op.f('fk_provider_note_provider_id_district_id_provider_district')),
    sa.ForeignKeyConstraint(['written_by_id'], ['app_user.id'], name=op.f('fk_provider_note_written_by_id_app_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_note'))
    )
    with op.batch_alter_table('provider_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_provider_note_provider_id'), ['provider_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('reported_course_id', sa.Integer(), nullable=False),
    sa.Column('attribute', sa.String(length=40), nullable=False),
    sa.Column('old_value', sa.Text(), nullable=True),
    sa.Column('new_value', sa.Text(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('status', sa.Enum('open', 'accepted', 'objected', 'settled', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('objection', sa.String(length=1000), nullable=True),
    sa.CheckConstraint("(status = 'open') = (answered_at IS NULL)", name=op.f('ck_correction_answered_when')),
    sa.CheckConstraint("status <> 'objected' OR coalesce(length(objection), 0) > 0", name=op.f('ck_correction_objection_says_why')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['app_user.id'], name=op.f('fk_correction_answered_by_id_app_user')),
    sa.ForeignKeyConstraint(['made_by_id'], ['app_user.id'], name=op.f('fk_correction_made_by_id_app_user')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_correction_report_id_report'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reported_course_id'], ['reported_course.id'], name=op.f('fk_correction_reported_course_id_reported_course'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_correction_reported_course_id'), ['reported_course_id'], unique=False)

    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unconfirmed', sa.Enum('print', 'leave_out', name='unconfirmed', native_enum=False, create_constraint=True, length=40), nullable=True))

    _allow(NOW)


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_report_unconfirmed'), type_='check')
        batch_op.drop_column('unconfirmed')

    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_reported_course_id'))
        batch_op.drop_index(batch_op.f('ix_correction_report_id'))

    op.drop_table('correction')
    with op.batch_alter_table('provider_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_provider_note_provider_id'))

    op.drop_table('provider_note')
    op.drop_table('review_rules')
