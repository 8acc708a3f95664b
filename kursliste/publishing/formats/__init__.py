"""The files of an edition: pure functions from plain rows to bytes; no database, no Flask.

Equal rows give equal bytes, so a lost file can be made again and compared with its stored hash.
"""
