"""
How a stranger verifies a bundle with common tools only, in plain words: as a page, and as a text.
"""

from __future__ import annotations

from safeguarding.shown.bundle.paper import command, heading, paper, words

TITLE = "How to verify this bundle"

STEPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "1. No file was changed",
        "Unpack the zip and go into its folder. SHA256SUMS has a line for each file; this compares them all. On "
        "Windows, certutil -hashfile FILE SHA256 prints the digest of one file, to compare with the index.",
        ("sha256sum -c SHA256SUMS",),
    ),
    (
        "2. Everything at once",
        "verify.py is plain Python of this folder: it needs no other program and no network, and is short enough to be "
        "read first. It compares every file, recounts the hash of every line of the record, follows the chain from "
        "line to line, and checks the signatures. It ends with «It holds.», or names everything that is wrong. A file "
        "that was not in the zip is named too: some systems put one into a folder that is opened, such as .DS_Store or "
        "Thumbs.db, which may be deleted.",
        ("python3 -I verify.py",),
    ),
    (
        "3. Lines that are missing at the end, and a record written again throughout",
        "Whoever holds the whole system could write a record again, with new hashes that fit each other and a key of "
        "their own. Nobody can write again what has left. Each week the partners are sent the root of all chains in "
        "their summary, and a file of heads lies beside each backup. Ask a partner or the scrutineer for such a file, "
        "from any day on which the review was open, and give it to verify.py: it says whether the review has gone on "
        "from where it was on that day. Compare also the public key that verify.py prints with the one they know; "
        "`safeguarding key show` prints it where the record is.",
        ("python3 -I verify.py heads-2026-11-28.json",),
    ),
    (
        "4. One line of the record by hand",
        'Each line of ledger.jsonl is {"hash":"…","hashed":…}: first the hash, then exactly the text that it is '
        "the SHA-256 of. In that text previous_hash is the hash of the line before, and empty in the first. Of line 3:",
        ("sed -n 3p ledger.jsonl | cut -b 85- | sed 's/}$//' | tr -d '\\n' | sha256sum",),
    ),
    (
        "What this proves, and what not",
        "That the record of this review says what it said when its lines were written, with nothing changed, removed "
        "or put in; and that the pages beside it are those that the system made of it. It does not prove that what "
        "people recorded was true, nor who sat at the keyboard beyond what each line says of that.",
        (),
    ),
)


def verifying_page() -> str:
    """The page."""
    parts = [
        part for title, said, typed in STEPS for part in (heading(title), words(said), *(command(one) for one in typed))
    ]
    return paper(TITLE, *parts)


def verifying_text() -> str:
    """The same as Markdown."""
    parts = [f"# {TITLE}"]
    for title, said, typed in STEPS:
        parts += [f"## {title}", said, *(f"    {one}" for one in typed)]
    return "\n\n".join(parts) + "\n"
