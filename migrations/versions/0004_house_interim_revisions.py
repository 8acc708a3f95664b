"""A provider's house, interim updates, changes after approval, the dates of a list, texts of mails.

The CHECK on the journal's events is written anew: Alembic does not compare it.
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BEFORE = (
    'district:added', 'course_list:added', 'provider:added', 'provider:changed', 'user:added',
    'membership:added', 'codes:loaded', 'round:opened', 'round:closed', 'reminder:queued',
    'reminder:withdrawn', 'list:uploaded', 'list:mended', 'list:taken_over', 'report:started',
    'course:added', 'course:changed', 'course:confirmed', 'course:ended', 'course:cancelled',
    'course:resumed', 'statement:taken', 'statement:ended', 'report:submitted',
    'report:taken_back', 'report:approved', 'report:carried_over', 'report:reopened',
    'question:asked', 'question:answered', 'question:closed', 'edition:published',
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
    'statement:taken', 'statement:ended', 'report:submitted', 'report:taken_back',
    'report:revised', 'report:revision_discarded', 'report:approved', 'report:carried_over',
    'report:reopened', 'question:asked', 'question:answered', 'question:closed',
    'interim:reported', 'edition:published', 'sign_in:requested', 'person:signed_in',
    'person:signed_out', 'sessions:ended',
)
ADDED = tuple(event for event in NOW if event not in BEFORE)
COURSE_LIST_DEFAULTS = {
    'due_working_days': '0', 'reminds': sa.true(), 'friendly_days': '5', 'overdue_working_days': '1',
    'second_contact_working_days': '3', 'calls_working_days': '4', 'version': '1',
}


def _allow(events):
    rule = "event IN (" + ", ".join(f"'{event}'" for event in events) + ")"
    with op.batch_alter_table('journal_entry', schema=None, recreate='auto') as batch_op:
        batch_op.drop_constraint(op.f('ck_journal_entry_event'), type_='check')
        batch_op.create_check_constraint(op.f('ck_journal_entry_event'), sa.text(rule))


def _forget_default(table, columns):
    """Existing rows have their value; new ones get theirs from the program."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.alter_column(column, server_default=None)


def upgrade() -> None:
    op.create_table('mail_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('opening', 'friendly', 'last_day', 'overdue', 'second_contact', 'question', name='step', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_mail_text_district_id_district')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_text')),
    sa.UniqueConstraint('district_id', 'step', name=op.f('uq_mail_text_district_id_step'))
    )
    op.create_table('interim_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.String(length=12), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('seats_taken', sa.Integer(), nullable=True),
    sa.Column('seats_free', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('geplant', 'offen', 'knapp', 'warteliste', 'voll', 'laeuft_einstieg', 'laeuft', 'unterbrochen', 'abgesagt', 'beendet', name='status', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('given_by', sa.String(length=120), nullable=False),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('seats_free BETWEEN 0 AND 999', name=op.f('ck_interim_update_seats_free_in_range')),
    sa.CheckConstraint('seats_taken BETWEEN 0 AND 999', name=op.f('ck_interim_update_seats_taken_in_range')),
    sa.CheckConstraint('seats_taken IS NOT NULL OR seats_free IS NOT NULL OR status IS NOT NULL', name=op.f('ck_interim_update_tells_something')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_interim_update_course_id_course')),
    sa.ForeignKeyConstraint(['given_by_id'], ['app_user.id'], name=op.f('fk_interim_update_given_by_id_app_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['provider_id', 'district_id'], ['provider_district.provider_id', 'provider_district.district_id'], name=op.f('fk_interim_update_provider_id_district_id_provider_district')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interim_update'))
    )
    with op.batch_alter_table('interim_update', schema=None) as batch_op:
        batch_op.create_index('ix_interim_update_course_id_given_at', ['course_id', 'given_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_interim_update_provider_id'), ['provider_id'], unique=False)

    op.create_table('approved_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('is_nil', sa.Boolean(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['app_user.id'], name=op.f('fk_approved_version_decided_by_id_app_user')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_approved_version_report_id_report'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['app_user.id'], name=op.f('fk_approved_version_submitted_by_id_app_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approved_version')),
    sa.UniqueConstraint('report_id', name=op.f('uq_approved_version_report_id'))
    )
    op.create_table('approved_course',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approved_version_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.String(length=12), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('source_row', sa.String(length=120), nullable=True),
    sa.Column('provider_reference', sa.String(length=40), nullable=True),
    sa.Column('bamf_reference', sa.String(length=40), nullable=True),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('current_module', sa.Integer(), nullable=True),
    sa.Column('units_total', sa.Integer(), nullable=True),
    sa.Column('units_per_week', sa.Integer(), nullable=True),
    sa.Column('start_kind', sa.Enum('fester Termin', 'voraussichtlich', 'laufender Einstieg', 'regelmäßig', 'Termin noch offen', name='start_kind', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('start_note', sa.String(length=80), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('breaks_note', sa.String(length=120), nullable=True),
    sa.Column('weekdays', sa.String(length=60), nullable=True),
    sa.Column('time_from', sa.Time(), nullable=True),
    sa.Column('time_until', sa.Time(), nullable=True),
    sa.Column('times_note', sa.String(length=150), nullable=True),
    sa.Column('time_of_day', sa.Enum('vormittags', 'nachmittags', 'abends', 'ganztägig', 'Wochenende', name='time_of_day', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('delivery', sa.Enum('Präsenz', 'online', 'hybrid', 'Selbstlernen', name='delivery', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('venue_name', sa.String(length=120), nullable=True),
    sa.Column('street', sa.String(length=120), nullable=True),
    sa.Column('postcode', sa.String(length=5), nullable=True),
    sa.Column('town', sa.String(length=80), nullable=True),
    sa.Column('wheelchair', sa.Enum('ja', 'nein', 'teilweise', name='wheelchair', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('seats_min', sa.Integer(), nullable=True),
    sa.Column('seats_total', sa.Integer(), nullable=True),
    sa.Column('seats_taken', sa.Integer(), nullable=True),
    sa.Column('seats_free', sa.Integer(), nullable=True),
    sa.Column('waiting_list', sa.Enum('ja', 'nein', name='waiting_list', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('waiting_count', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('geplant', 'offen', 'knapp', 'warteliste', 'voll', 'laeuft_einstieg', 'laeuft', 'unterbrochen', 'abgesagt', 'beendet', name='status', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('late_entry', sa.Enum('ja', 'nein', 'nach Rücksprache', name='late_entry', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('late_entry_from', sa.String(length=60), nullable=True),
    sa.Column('placement_test', sa.Enum('nötig', 'nicht nötig', 'nach Vereinbarung', name='placement_test', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('register_by', sa.Date(), nullable=True),
    sa.Column('audience', sa.String(length=300), nullable=True),
    sa.Column('admission', sa.String(length=300), nullable=True),
    sa.Column('self_payer', sa.Enum('ja', 'nein', name='self_payer', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('funder', sa.String(length=80), nullable=True),
    sa.Column('price_eur', sa.Integer(), nullable=True),
    sa.Column('price_note', sa.String(length=120), nullable=True),
    sa.Column('childcare', sa.Enum('ja', 'nein', 'auf Anfrage', name='childcare', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('travel_costs', sa.Enum('ja', 'nein', 'auf Antrag', name='travel_costs', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('exams', sa.String(length=200), nullable=True),
    sa.Column('exam_on', sa.Date(), nullable=True),
    sa.Column('contact_name', sa.String(length=120), nullable=True),
    sa.Column('contact_phone', sa.String(length=60), nullable=True),
    sa.Column('contact_email', sa.String(length=254), nullable=True),
    sa.Column('link', sa.String(length=500), nullable=True),
    sa.Column('public_note', sa.String(length=300), nullable=True),
    sa.Column('internal_note', sa.String(length=1000), nullable=True),
    sa.Column('visibility', sa.Enum('öffentlich', 'nur Fachkräfte', 'nur intern', name='visibility', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('confirmed_by', sa.String(length=120), nullable=True),
    sa.Column('confirmed_how', sa.Enum('Web', 'hochgeladen', 'Telefon', 'E-Mail', name='confirmed_how', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('course_type', sa.String(length=20), nullable=False),
    sa.Column('level_from', sa.String(length=10), nullable=True),
    sa.Column('level_to', sa.String(length=10), nullable=True),
    sa.CheckConstraint('(confirmed_on IS NULL) = (confirmed_how IS NULL)', name=op.f('ck_approved_course_confirmed_somehow')),
    sa.CheckConstraint('current_module BETWEEN 0 AND 12', name=op.f('ck_approved_course_current_module_in_range')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_approved_course_ends_after_start')),
    sa.CheckConstraint('price_eur >= 0', name=op.f('ck_approved_course_price_eur_in_range')),
    sa.CheckConstraint('seats_free BETWEEN 0 AND 999', name=op.f('ck_approved_course_seats_free_in_range')),
    sa.CheckConstraint('seats_min BETWEEN 0 AND 99', name=op.f('ck_approved_course_seats_min_in_range')),
    sa.CheckConstraint('seats_taken BETWEEN 0 AND 999', name=op.f('ck_approved_course_seats_taken_in_range')),
    sa.CheckConstraint('seats_total BETWEEN 0 AND 999', name=op.f('ck_approved_course_seats_total_in_range')),
    sa.CheckConstraint('time_until > time_from', name=op.f('ck_approved_course_until_after_from')),
    sa.CheckConstraint('units_per_week BETWEEN 0 AND 60', name=op.f('ck_approved_course_units_per_week_in_range')),
    sa.CheckConstraint('units_total BETWEEN 0 AND 2000', name=op.f('ck_approved_course_units_total_in_range')),
    sa.CheckConstraint('waiting_count BETWEEN 0 AND 999', name=op.f('ck_approved_course_waiting_count_in_range')),
    sa.ForeignKeyConstraint(['approved_version_id'], ['approved_version.id'], name=op.f('fk_approved_course_approved_version_id_approved_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_approved_course_course_id_course')),
    sa.ForeignKeyConstraint(['course_type'], ['course_type.code'], name=op.f('fk_approved_course_course_type_course_type')),
    sa.ForeignKeyConstraint(['level_from'], ['level.code'], name=op.f('fk_approved_course_level_from_level')),
    sa.ForeignKeyConstraint(['level_to'], ['level.code'], name=op.f('fk_approved_course_level_to_level')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approved_course')),
    sa.UniqueConstraint('approved_version_id', 'course_id', name=op.f('uq_approved_course_approved_version_id_course_id'))
    )
    with op.batch_alter_table('approved_course', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approved_course_course_id'), ['course_id'], unique=False)

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))

    with op.batch_alter_table('course_list', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_working_days', sa.Integer(), nullable=False, server_default=COURSE_LIST_DEFAULTS['due_working_days']))
        batch_op.add_column(sa.Column('reminds', sa.Boolean(), nullable=False, server_default=COURSE_LIST_DEFAULTS['reminds']))
        batch_op.add_column(sa.Column('friendly_days', sa.Integer(), nullable=False, server_default=COURSE_LIST_DEFAULTS['friendly_days']))
        batch_op.add_column(sa.Column('overdue_working_days', sa.Integer(), nullable=False, server_default=COURSE_LIST_DEFAULTS['overdue_working_days']))
        batch_op.add_column(sa.Column('second_contact_working_days', sa.Integer(), nullable=False, server_default=COURSE_LIST_DEFAULTS['second_contact_working_days']))
        batch_op.add_column(sa.Column('calls_working_days', sa.Integer(), nullable=False, server_default=COURSE_LIST_DEFAULTS['calls_working_days']))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))

        batch_op.create_check_constraint(op.f('ck_course_list_due_working_days_in_range'), sa.text('due_working_days BETWEEN 0 AND 15'))
        batch_op.create_check_constraint(op.f('ck_course_list_friendly_days_in_range'), sa.text('friendly_days BETWEEN 1 AND 20'))
        batch_op.create_check_constraint(op.f('ck_course_list_steps_in_order'), sa.text('1 <= overdue_working_days AND overdue_working_days < second_contact_working_days AND second_contact_working_days < calls_working_days AND calls_working_days <= 20'))

    with op.batch_alter_table('reported_course', schema=None) as batch_op:
        batch_op.add_column(sa.Column('venue_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('contact_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_reported_course_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reported_course_venue_id'), ['venue_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_reported_course_venue_id_venue'), 'venue', ['venue_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_reported_course_contact_id_contact'), 'contact', ['contact_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.add_column(sa.Column('open_until', sa.Date(), nullable=True))

    with op.batch_alter_table('venue', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))

    _forget_default('contact', ['version'])
    _forget_default('course_list', COURSE_LIST_DEFAULTS)
    _forget_default('venue', ['version'])
    _name_what_rows_repeat()
    _allow(NOW)


def _name_what_rows_repeat() -> None:
    """Rows that exist name the venue and the contact whose words they repeat.

    A contact that a course names is public, because the course is.
    """
    op.execute("""
        UPDATE reported_course SET venue_id = (
            SELECT MIN(venue.id) FROM venue
            JOIN report ON report.provider_id = venue.provider_id
            WHERE report.id = reported_course.report_id
            AND venue.name = COALESCE(reported_course.venue_name, '')
            AND venue.street = COALESCE(reported_course.street, '')
            AND venue.postcode = COALESCE(reported_course.postcode, '')
            AND venue.town = COALESCE(reported_course.town, '')
            AND (venue.wheelchair IS NULL OR reported_course.wheelchair IS NULL
                 OR venue.wheelchair = reported_course.wheelchair)
        )
    """)
    op.execute("""
        UPDATE reported_course SET contact_id = (
            SELECT MIN(contact.id) FROM contact
            JOIN report ON report.provider_id = contact.provider_id
            WHERE report.id = reported_course.report_id
            AND contact.name = COALESCE(reported_course.contact_name, '')
            AND contact.phone = COALESCE(reported_course.contact_phone, '')
            AND contact.email = COALESCE(reported_course.contact_email, '')
        )
    """)
    op.execute("""
        UPDATE contact SET is_public = true
        WHERE id IN (SELECT contact_id FROM reported_course WHERE contact_id IS NOT NULL)
    """)


def downgrade() -> None:
    journal = sa.table('journal_entry', sa.column('event'))
    op.execute(journal.delete().where(journal.c.event.in_(ADDED)))
    _allow(BEFORE)
    with op.batch_alter_table('venue', schema=None) as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_column('open_until')

    with op.batch_alter_table('reported_course', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_reported_course_contact_id_contact'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_reported_course_venue_id_venue'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_reported_course_venue_id'))
        batch_op.drop_index(batch_op.f('ix_reported_course_contact_id'))
        batch_op.drop_column('contact_id')
        batch_op.drop_column('venue_id')

    with op.batch_alter_table('course_list', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_course_list_steps_in_order'), type_='check')
        batch_op.drop_constraint(op.f('ck_course_list_friendly_days_in_range'), type_='check')
        batch_op.drop_constraint(op.f('ck_course_list_due_working_days_in_range'), type_='check')
        batch_op.drop_column('version')
        batch_op.drop_column('calls_working_days')
        batch_op.drop_column('second_contact_working_days')
        batch_op.drop_column('overdue_working_days')
        batch_op.drop_column('friendly_days')
        batch_op.drop_column('reminds')
        batch_op.drop_column('due_working_days')

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('approved_course', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approved_course_course_id'))

    op.drop_table('approved_course')
    op.drop_table('approved_version')
    with op.batch_alter_table('interim_update', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interim_update_provider_id'))
        batch_op.drop_index('ix_interim_update_course_id_given_at')

    op.drop_table('interim_update')
    op.drop_table('mail_text')
