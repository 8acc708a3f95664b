"""codes and districts in the browser"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
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
    'edition:published', 'edition:withdrawn', 'publication:ordered', 'publication:cancelled',
    'publication:done', 'publication:missed', 'person:erased', 'subscription:requested',
    'subscription:confirmed', 'subscription:changed', 'subscription:ended', 'subscription:rested',
    'mailing_rules:changed', 'mailing:asked', 'mailing:sent', 'mailing:withdrawn',
    'sign_in:requested', 'person:signed_in', 'person:signed_out', 'sessions:ended', 'hint:given',
    'hint:settled', 'course_note:written', 'course_note:removed',
    'search:saved', 'search:changed', 'search:removed', 'search:told',
    'identity:linked', 'identity:unlinked',
    'second_step:asked', 'second_factor:begun', 'second_factor:set_up', 'second_factor:removed',
    'second_factor:passed', 'paper_codes:made', 'paper_code:used',
    'user:changed', 'user:reactivated', 'mail:retried', 'site_text:changed', 'announcement:added',
    'announcement:removed', 'person:exported',
)
ADDED = (
    'district:changed', 'course_type:added', 'course_type:changed', 'course_type:removed',
    'level:changed', 'course_status:changed', 'alias:added', 'alias:removed',
)
VERSIONED = ('course_status', 'course_type', 'district', 'level')


def _allow(events):
    rule = "event IN (" + ", ".join(f"'{event}'" for event in events) + ")"
    with op.batch_alter_table('journal_entry', schema=None, recreate='auto') as batch_op:
        batch_op.drop_constraint(op.f('ck_journal_entry_event'), type_='check')
        batch_op.create_check_constraint(op.f('ck_journal_entry_event'), sa.text(rule))


def upgrade() -> None:
    for table in VERSIONED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        # Existing rows have their value; new ones get theirs from the program.
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('version', server_default=None)
    _allow((*BEFORE, *ADDED))


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    for table in reversed(VERSIONED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('version')
