"""Orders to publish a month at a set time.

The CHECK on the journal's events is written anew: Alembic does not compare it.
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
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
    'edition:published', 'edition:withdrawn', 'person:erased', 'subscription:requested',
    'subscription:confirmed', 'subscription:changed', 'subscription:ended', 'subscription:rested',
    'mailing_rules:changed', 'mailing:asked', 'mailing:sent', 'mailing:withdrawn',
    'sign_in:requested', 'person:signed_in', 'person:signed_out', 'sessions:ended',
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
    'edition:published', 'edition:withdrawn', 'publication:ordered', 'publication:cancelled',
    'publication:done', 'publication:missed', 'person:erased', 'subscription:requested',
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
    op.create_table('publication_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ordered_by_id', sa.Integer(), nullable=True),
    sa.Column('ordered_by_name', sa.String(length=120), nullable=False),
    sa.Column('seen_number', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('mails_readers', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['ordered_by_id'], ['app_user.id'], name=op.f('fk_publication_order_ordered_by_id_app_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_publication_order_round_id_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication_order')),
    sa.UniqueConstraint('round_id', name=op.f('uq_publication_order_round_id'))
    )
    with op.batch_alter_table('publication_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_publication_order_due_at'), ['due_at'], unique=False)
    _allow(NOW)


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('publication_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_publication_order_due_at'))
    op.drop_table('publication_order')
