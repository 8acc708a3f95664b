"""The licence of a list is one of the known ones, and a provider says what it is approved for.

Words of a licence that name a known one become its code; others are gone: nobody could choose them.
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

CODES = ('', 'dl-de/by-2-0', 'dl-de/zero-2-0', 'CC-BY-4.0', 'CC0-1.0')
WORDS = {
    'Datenlizenz Deutschland – Namensnennung 2.0': 'dl-de/by-2-0',
    'Datenlizenz Deutschland – Namensnennung – Version 2.0': 'dl-de/by-2-0',
    'dl-by-de/2.0': 'dl-de/by-2-0',
    'Datenlizenz Deutschland – Zero – Version 2.0': 'dl-de/zero-2-0',
    'dl-zero-de/2.0': 'dl-de/zero-2-0',
    'CC BY 4.0': 'CC-BY-4.0',
    'CC0': 'CC0-1.0',
}


def upgrade() -> None:
    course_list = sa.table('course_list', sa.column('licence', sa.String))
    for words, code in WORDS.items():
        op.execute(course_list.update().where(course_list.c.licence == words).values(licence=code))
    op.execute(course_list.update().where(course_list.c.licence.not_in(CODES)).values(licence=''))
    with op.batch_alter_table('course_list', schema=None) as batch_op:
        batch_op.alter_column(
            'licence', existing_type=sa.String(length=120), type_=sa.String(length=40), existing_nullable=False
        )
        rule = 'licence IN (' + ', '.join(f"'{code}'" for code in CODES) + ')'
        batch_op.create_check_constraint(op.f('ck_course_list_licence'), sa.text(rule))

    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.add_column(sa.Column('approvals', sa.String(length=100), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('provider', schema=None) as batch_op:
        batch_op.drop_column('approvals')

    with op.batch_alter_table('course_list', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_course_list_licence'), type_='check')
        batch_op.alter_column(
            'licence', existing_type=sa.String(length=40), type_=sa.String(length=120), existing_nullable=False
        )
