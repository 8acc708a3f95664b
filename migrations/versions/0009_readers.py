"""Readers who order a mail for each new list, what was mailed to them, and how mails are ended.

The CHECK on the journal's events is written anew: Alembic does not compare it.
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
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
    'note:written', 'note:removed', 'review_rules:changed', 'statement:taken',
    'statement:ended', 'report:submitted', 'report:taken_back', 'report:revised',
    'report:revision_discarded', 'report:approved', 'report:carried_over', 'report:reopened',
    'report:unconfirmed_decided', 'question:asked', 'question:answered', 'question:closed',
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
    'note:written', 'note:removed', 'review_rules:changed', 'statement:taken',
    'statement:ended', 'report:submitted', 'report:taken_back', 'report:revised',
    'report:revision_discarded', 'report:approved', 'report:carried_over', 'report:reopened',
    'report:unconfirmed_decided', 'question:asked', 'question:answered', 'question:closed',
    'interim:reported', 'edition:published', 'subscription:requested', 'subscription:confirmed',
    'subscription:changed', 'subscription:ended', 'subscription:rested',
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
    op.create_table('mailing_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_list_id', sa.Integer(), nullable=False),
    sa.Column('attaches', sa.Boolean(), nullable=False),
    sa.Column('most_kb', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('most_kb BETWEEN 1 AND 5000', name=op.f('ck_mailing_rules_most_kb_in_range')),
    sa.ForeignKeyConstraint(['course_list_id'], ['course_list.id'], name=op.f('fk_mailing_rules_course_list_id_course_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailing_rules')),
    sa.UniqueConstraint('course_list_id', name=op.f('uq_mailing_rules_course_list_id'))
    )
    op.create_table('subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_list_id', sa.Integer(), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('filters', sa.Text(), nullable=False),
    sa.Column('filter_key', sa.String(length=64), nullable=False),
    sa.Column('always', sa.Boolean(), nullable=False),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asleep_since', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('asleep_since IS NULL OR confirmed_at IS NOT NULL', name=op.f('ck_subscription_only_confirmed_rest')),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_subscription_email_lower')),
    sa.ForeignKeyConstraint(['course_list_id', 'district_id'], ['course_list.id', 'course_list.district_id'], name=op.f('fk_subscription_course_list_id_district_id_course_list')),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_subscription_district_id_district')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('course_list_id', 'email', 'filter_key', name=op.f('uq_subscription_course_list_id_email_filter_key'))
    )
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_district_id'), ['district_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_subscription_email'), ['email'], unique=False)

    op.create_table('mailing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('sends', sa.Boolean(), nullable=False),
    sa.Column('attaches', sa.Boolean(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reached_id', sa.Integer(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('sends OR NOT attaches', name=op.f('ck_mailing_attaches_what_is_sent')),
    sa.CheckConstraint('sends OR finished_at IS NOT NULL', name=op.f('ck_mailing_nothing_to_send_is_finished')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_mailing_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailing')),
    sa.UniqueConstraint('edition_id', name=op.f('uq_mailing_edition_id'))
    )
    op.create_table('reader_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=True),
    sa.Column('mailing_id', sa.Integer(), nullable=True),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outgoing_mail.id'], name=op.f('fk_reader_mail_mail_id_outgoing_mail'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['mailing_id'], ['mailing.id'], name=op.f('fk_reader_mail_mailing_id_mailing')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscription.id'], name=op.f('fk_reader_mail_subscription_id_subscription'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reader_mail')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_reader_mail_key_hash')),
    sa.UniqueConstraint('mailing_id', 'subscription_id', name=op.f('uq_reader_mail_mailing_id_subscription_id'))
    )
    with op.batch_alter_table('reader_mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reader_mail_mail_id'), ['mail_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reader_mail_subscription_id'), ['subscription_id'], unique=False)

    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unsubscribe_url', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('attachment', sa.String(length=400), nullable=True))

    _allow(NOW)


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('outgoing_mail', schema=None) as batch_op:
        batch_op.drop_column('attachment')
        batch_op.drop_column('unsubscribe_url')

    with op.batch_alter_table('reader_mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reader_mail_subscription_id'))
        batch_op.drop_index(batch_op.f('ix_reader_mail_mail_id'))

    op.drop_table('reader_mail')
    op.drop_table('mailing')
    with op.batch_alter_table('subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subscription_email'))
        batch_op.drop_index(batch_op.f('ix_subscription_district_id'))

    op.drop_table('subscription')
    op.drop_table('mailing_rules')
