"""Tombstones of persons' data that were taken out of editions.

The CHECK on the journal's events is written anew: Alembic does not compare it.
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
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
    'course:corrected', 'correction:accepted', 'correction:objected', 'correction:settled',
    'note:written', 'note:removed', 'review_rules:changed', 'statement:taken', 'statement:ended',
    'report:submitted', 'report:taken_back', 'report:revised', 'report:revision_discarded',
    'report:approved', 'report:carried_over', 'report:reopened', 'report:unconfirmed_decided',
    'question:asked', 'question:answered', 'question:closed', 'interim:reported',
    'edition:published', 'edition:withdrawn', 'subscription:requested', 'subscription:confirmed',
    'subscription:changed', 'subscription:ended', 'subscription:rested', 'mailing_rules:changed',
    'mailing:asked', 'mailing:sent', 'mailing:withdrawn', 'sign_in:requested', 'person:signed_in',
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
    'edition:published', 'edition:withdrawn', 'person:erased', 'subscription:requested',
    'subscription:confirmed', 'subscription:changed', 'subscription:ended', 'subscription:rested',
    'mailing_rules:changed', 'mailing:asked', 'mailing:sent', 'mailing:withdrawn',
    'sign_in:requested', 'person:signed_in', 'person:signed_out', 'sessions:ended',
)
ADDED = tuple(event for event in NOW if event not in BEFORE)


def _allow(events):
    rule = "event IN (" + ", ".join(f"'{event}'" for event in events) + ")"
    with op.batch_alter_table('journal_entry', schema=None, recreate='auto') as batch_op:
        batch_op.drop_constraint(op.f('ck_journal_entry_event'), type_='check')
        batch_op.create_check_constraint(op.f('ck_journal_entry_event'), sa.text(rule))


def upgrade() -> None:
    op.create_table('edition_erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_by_id', sa.Integer(), nullable=True),
    sa.Column('erased_by', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('columns', sa.Text(), nullable=False),
    sa.Column('rows_sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_edition_erasure_says_why')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_edition_erasure_edition_id_edition')),
    sa.ForeignKeyConstraint(['erased_by_id'], ['app_user.id'], name=op.f('fk_edition_erasure_erased_by_id_app_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition_erasure'))
    )
    with op.batch_alter_table('edition_erasure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_edition_erasure_edition_id'), ['edition_id'], unique=False)
    _allow(NOW)


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('edition_erasure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_edition_erasure_edition_id'))
    op.drop_table('edition_erasure')
