"""What one file or archive may cost a reader, and why."""

from __future__ import annotations

import os

MEBIBYTE = 1 << 20

#: Files of one source, or portions of one large file, that are read at a time.
THREADS = min(4, os.cpu_count() or 1)

#: A national message holds at most 100 records (about 200 KB); a gigabyte leaves room for bulk files of whole
#: years and keeps one file, its table and a copy of both within the memory of a small machine.
MAX_FILE_BYTES = 1024 * MEBIBYTE

#: Files above this size are read one after another, so that two threads never hold two of them.
LARGE_FILE_BYTES = 64 * MEBIBYTE

#: All members of one archive together, as its directory announces them.
MAX_ARCHIVE_BYTES = 4096 * MEBIBYTE

#: Entries of one archive: a day of single-record messages of the largest known sender, ten times over.
MAX_ARCHIVE_MEMBERS = 200_000

#: Repetitive message text deflates to about 1/60; a bomb comes near the 1/1032 of the format.
MAX_RATIO = 200

#: Below this size a high ratio harms nobody (a file of blanks is no bomb).
RATIO_MATTERS_FROM_BYTES = 8 * MEBIBYTE

#: Small files are read and shaped together up to this amount: one table for thousands of them.
CHUNK_BYTES = 4 * MEBIBYTE
CHUNK_FILES = 2_000

#: A large message is cut into pieces of this size, so that one odd text makes one piece dear, not all.
PIECE_BYTES = MEBIBYTE

#: What a .gz of messages unpacks to, for that sum.
USUAL_RATIO = 20
