"""paper codes hashed slowly

What was stored is hashed once more, slowly: the codes on paper hold on. A code of before cannot be
made of it, so the way back leaves the rows as they are; older code takes none of them.
"""

import base64
import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

FAST_LENGTH = 64


def upgrade() -> None:
    codes = sa.table('paper_code', sa.column('id', sa.Integer), sa.column('code_hash', sa.String))
    connection = op.get_bind()
    fast = sa.select(codes).where(sa.func.length(codes.c.code_hash) == FAST_LENGTH)
    for key, code_hash in connection.execute(fast).all():
        connection.execute(
            codes.update().where(codes.c.id == key).values(code_hash=_slowly(code_hash))
        )


def downgrade() -> None:
    pass


def _slowly(code_hash: str) -> str:
    salt = secrets.token_bytes(12)
    made = hashlib.scrypt(code_hash.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
    return f'{_text(salt)}${_text(made)}'


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip('=')
