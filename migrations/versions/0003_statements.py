"""What providers say by telephone or mail; and cancelling a course as an event of its own.

The CHECK on the journal's events is written anew: Alembic does not compare it.
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

BEFORE = (
    'district:added', 'course_list:added', 'provider:added', 'provider:changed', 'user:added',
    'membership:added', 'codes:loaded', 'round:opened', 'round:closed', 'reminder:queued',
    'reminder:withdrawn', 'list:uploaded', 'list:mended', 'list:taken_over', 'report:started',
    'course:added', 'course:changed', 'course:confirmed', 'course:ended', 'course:resumed',
    'report:submitted', 'report:taken_back', 'report:approved', 'report:carried_over',
    'report:reopened', 'question:asked', 'question:answered', 'question:closed',
    'edition:published', 'sign_in:requested', 'person:signed_in', 'person:signed_out',
    'sessions:ended',
)
NOW = (
    'district:added', 'course_list:added', 'provider:added', 'provider:changed', 'user:added',
    'membership:added', 'codes:loaded', 'round:opened', 'round:closed', 'reminder:queued',
    'reminder:withdrawn', 'list:uploaded', 'list:mended', 'list:taken_over', 'report:started',
    'course:added', 'course:changed', 'course:confirmed', 'course:ended', 'course:cancelled',
    'course:resumed', 'statement:taken', 'statement:ended', 'report:submitted',
    'report:taken_back', 'report:approved', 'report:carried_over', 'report:reopened',
    'question:asked', 'question:answered', 'question:closed', 'edition:published',
    'sign_in:requested', 'person:signed_in', 'person:signed_out', 'sessions:ended',
)
ADDED = ('course:cancelled', 'statement:taken', 'statement:ended')


def _allow(events):
    rule = "event IN (" + ", ".join(f"'{event}'" for event in events) + ")"
    with op.batch_alter_table('journal_entry', schema=None, recreate='auto') as batch_op:
        batch_op.drop_constraint(op.f('ck_journal_entry_event'), type_='check')
        batch_op.create_check_constraint(op.f('ck_journal_entry_event'), sa.text(rule))


def upgrade() -> None:
    op.create_table('statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('told_by', sa.String(length=120), nullable=False),
    sa.Column('how', sa.Enum('Web', 'hochgeladen', 'Telefon', 'E-Mail', name='how', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("how IN ('Telefon', 'E-Mail')", name=op.f('ck_statement_spoken')),
    sa.CheckConstraint("told_by <> ''", name=op.f('ck_statement_told_by_somebody')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_statement_report_id_report'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['taken_by_id'], ['app_user.id'], name=op.f('fk_statement_taken_by_id_app_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement'))
    )
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_report_id'), ['report_id'], unique=False)
        batch_op.create_index('uq_statement_report_id_taken_by_id_open', ['report_id', 'taken_by_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    _allow(NOW)


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.drop_index('uq_statement_report_id_taken_by_id_open')
        batch_op.drop_index(batch_op.f('ix_statement_report_id'))

    op.drop_table('statement')
