"""one provider out of two"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
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
    'district:changed', 'course_type:added', 'course_type:changed', 'course_type:removed',
    'level:changed', 'course_status:changed', 'alias:added', 'alias:removed',
)
ADDED = (
    'provider:merged', 'provider:joined', 'courses:handed_over', 'courses:received',
    'providers:told_apart',
)


def _allow(events):
    rule = "event IN (" + ", ".join(f"'{event}'" for event in events) + ")"
    with op.batch_alter_table('journal_entry', schema=None, recreate='auto') as batch_op:
        batch_op.drop_constraint(op.f('ck_journal_entry_event'), type_='check')
        batch_op.create_check_constraint(op.f('ck_journal_entry_event'), sa.text(rule))


def upgrade() -> None:
    op.create_table('former_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_former_name_says_something')),
    sa.ForeignKeyConstraint(['provider_id'], ['provider.id'], name=op.f('fk_former_name_provider_id_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_name')),
    sa.UniqueConstraint('provider_id', 'name', name=op.f('uq_former_name_provider_id_name'))
    )
    with op.batch_alter_table('former_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_name_provider_id'), ['provider_id'], unique=False)

    op.create_table('known_apart',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_by', sa.String(length=120), nullable=False),
    sa.CheckConstraint('one_id < other_id', name=op.f('ck_known_apart_smaller_first')),
    sa.ForeignKeyConstraint(['one_id'], ['provider.id'], name=op.f('fk_known_apart_one_id_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['provider.id'], name=op.f('fk_known_apart_other_id_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_apart')),
    sa.UniqueConstraint('one_id', 'other_id', name=op.f('uq_known_apart_one_id_other_id'))
    )
    with op.batch_alter_table('known_apart', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_known_apart_other_id'), ['other_id'], unique=False)

    op.create_table('course_handover',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.String(length=12), nullable=False),
    sa.Column('from_provider_id', sa.Integer(), nullable=False),
    sa.Column('to_provider_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('handed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_by', sa.String(length=120), nullable=False),
    sa.CheckConstraint('from_provider_id <> to_provider_id', name=op.f('ck_course_handover_to_another')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_handover_course_id_course')),
    sa.ForeignKeyConstraint(['from_provider_id'], ['provider.id'], name=op.f('fk_course_handover_from_provider_id_provider')),
    sa.ForeignKeyConstraint(['to_provider_id'], ['provider.id'], name=op.f('fk_course_handover_to_provider_id_provider')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_handover'))
    )
    with op.batch_alter_table('course_handover', schema=None) as batch_op:
        batch_op.create_index('ix_course_handover_course_id_month', ['course_id', 'month'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_handover_from_provider_id'), ['from_provider_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_handover_to_provider_id'), ['to_provider_id'], unique=False)

    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_provider_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_provider_merged_into_id_provider'), 'provider', ['merged_into_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_provider_merged_is_closed'), sa.text('merged_into_id IS NULL OR NOT is_active'))
        batch_op.create_check_constraint(op.f('ck_provider_merged_into_another'), sa.text('merged_into_id <> id'))
    _allow((*BEFORE, *ADDED))



def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_provider_merged_into_another'), type_='check')
        batch_op.drop_constraint(op.f('ck_provider_merged_is_closed'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_provider_merged_into_id_provider'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_provider_merged_into_id'))
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('course_handover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_handover_to_provider_id'))
        batch_op.drop_index(batch_op.f('ix_course_handover_from_provider_id'))
        batch_op.drop_index('ix_course_handover_course_id_month')

    op.drop_table('course_handover')
    with op.batch_alter_table('known_apart', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_known_apart_other_id'))

    op.drop_table('known_apart')
    with op.batch_alter_table('former_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_former_name_provider_id'))

    op.drop_table('former_name')
