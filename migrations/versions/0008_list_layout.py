"""The layout of a list, and the logos that lists and editions name."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('logo_image',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=20), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("media_type IN ('image/png', 'image/jpeg')", name=op.f('ck_logo_image_media_type')),
    sa.CheckConstraint('width >= 1 AND height >= 1', name=op.f('ck_logo_image_has_a_size')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_logo_image'))
    )
    op.create_table('list_layout',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_list_id', sa.Integer(), nullable=False),
    sa.Column('stored', sa.Text(), nullable=False),
    sa.Column('logo_sha256', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_list_id'], ['course_list.id'], name=op.f('fk_list_layout_course_list_id_course_list')),
    sa.ForeignKeyConstraint(['logo_sha256'], ['logo_image.sha256'], name=op.f('fk_list_layout_logo_sha256_logo_image')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_list_layout')),
    sa.UniqueConstraint('course_list_id', name=op.f('uq_list_layout_course_list_id'))
    )
    with op.batch_alter_table('list_layout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_list_layout_logo_sha256'), ['logo_sha256'], unique=False)
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.add_column(sa.Column('logo_sha256', sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f('ix_edition_logo_sha256'), ['logo_sha256'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_edition_logo_sha256_logo_image'), 'logo_image', ['logo_sha256'], ['sha256'])


def downgrade() -> None:
    with op.batch_alter_table('edition', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_edition_logo_sha256_logo_image'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_edition_logo_sha256'))
        batch_op.drop_column('logo_sha256')
    with op.batch_alter_table('list_layout', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_list_layout_logo_sha256'))
    op.drop_table('list_layout')
    op.drop_table('logo_image')
