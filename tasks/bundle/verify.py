"""
Checks a bundle of a review with nothing but Python: that no file and no line of the record was changed since.

    python3 verify.py                       in the folder that the zip was unpacked to
    python3 verify.py heads-2026-11-28.json ...   and against files of heads that somebody else has kept

Needs no other program and no network. It says what it found, and ends with 0 if all holds and 1 if anything does not.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

SUMS, SIGNED, LINES = "SHA256SUMS", "bundle.json", "ledger.jsonl"
NOW, DAILY = "heads.json", "heads-of-the-day.json"
BEGINS, BETWEEN, ENDS = '{"hash":"', '","hashed":', "}"
"""What stands around the hash of a line, and around the text that it is the SHA-256 of."""


def canonical(value: Any) -> bytes:
    """JSON with one spelling only: sorted keys, no spaces, no escapes beyond what JSON demands."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# --------------------------------------------------------------------------- signatures: Ed25519, as in RFC 8032

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(a: Any, b: Any) -> Any:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return (x * y % P, z * t % P, y * z % P, x * t % P)


def _times(number: int, point: Any) -> Any:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point, number = _add(point, point), number >> 1
    return found


def _point(packed: bytes) -> Any:
    """The point that these 32 bytes stand for. Raises ValueError."""
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(packed) != 32 or y >= P or (x * x - square) % P or (not x and sign):
        raise ValueError("no point")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def signature_holds(said: dict[str, Any]) -> bool:
    """Whether the signature in it is by the public key in it, over everything else in it."""
    try:
        key, signature = base64.b64decode(said["public_key"]), base64.b64decode(said["signature"])
        text = canonical({name: value for name, value in said.items() if name != "signature"})
        r, s = signature[:32], int.from_bytes(signature[32:], "little")
        k = int.from_bytes(hashlib.sha512(r + key + text).digest(), "little") % ORDER
        base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
        left, right = _times(s, base), _add(_point(r), _times(k, _point(key)))
    except (ValueError, KeyError, TypeError):
        return False
    same = not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P
    return len(signature) == 64 and s < ORDER and same


# --------------------------------------------------------------------------- what is checked


def files(folder: Path, wrong: list[str]) -> dict[str, str]:
    """Every file against SHA256SUMS, and the sums as they are found."""
    listed = {line[66:]: line[:64] for line in (folder / SUMS).read_text("utf-8").splitlines() if line}
    there = sorted(path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in there}
    wrong += [f"{name} is missing." for name in sorted(listed.keys() - found.keys())]
    wrong += [f"{name} was changed." for name in sorted(listed.keys() & found.keys()) if listed[name] != found[name]]
    wrong += [f"{name} is no part of the bundle." for name in sorted(found.keys() - listed.keys() - {SUMS, SIGNED})]
    return found


def lines(folder: Path, wrong: list[str]) -> list[tuple[dict[str, Any], str]]:
    """Every line of the record with its hash; each holds the hash of the one before it."""
    found: list[tuple[dict[str, Any], str]] = []
    before = ""
    for number, text in enumerate((folder / LINES).read_text("utf-8").split("\n")[:-1], 1):
        start = len(BEGINS) + 64
        said, hashed = text[len(BEGINS) : start], text[start + len(BETWEEN) : -len(ENDS)]
        try:
            line = json.loads(hashed)
            place, previous = line["sequence"], line["previous_hash"]
        except (ValueError, KeyError, TypeError):
            wrong.append(f"Line {number} of {LINES} cannot be read.")
            continue
        if text != f"{BEGINS}{said}{BETWEEN}{hashed}{ENDS}" or hashlib.sha256(hashed.encode()).hexdigest() != said:
            wrong.append(f"Line {number} of the record does not say what it said when it was written.")
        if place != number:
            wrong.append(f"Line {number} of the record is not there: line {place} stands in its place.")
        elif previous != before:
            wrong.append(f"Line {number} of the record does not follow line {number - 1} as that now is.")
        before = said
        found.append((line, said))
    return found


def against(name: str, said: dict[str, Any], reference: str, chain: list[Any], wrong: list[str]) -> str:
    """The chain against a signed file of heads: what that proves, in a sentence."""
    ends = said.get("heads", {})
    if not signature_holds(said) or hashlib.sha256(canonical(ends)).hexdigest() != said.get("root"):
        wrong.append(f"{name}: its signature does not hold.")
        return ""
    day = str(said["at"])[:10]
    if reference not in ends:
        return f"{name}: signed on {day}, when this review was not yet open. It proves nothing of it."
    number, end = ends[reference]
    if len(chain) < number:
        wrong.append(f"{name}: on {day} the review had {number} lines, and here are {len(chain)}: the end is missing.")
    elif chain[number - 1][1] != end:
        wrong.append(f"{name}: line {number} is not the one that the review ended with on {day}: it was written again.")
    else:
        return f"{name}: line {number} is the one that the review ended with on {day}, root {said['root']}."
    return ""


def read(path: Path, wrong: list[str]) -> dict[str, Any] | None:
    """What a signed file says; None where it cannot be read."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict):
        wrong.append(f"{path.name} cannot be read.")
        return None
    return said


def signed(folder: Path, found: dict[str, str], wrong: list[str]) -> dict[str, Any]:
    """What the bundle says of itself, and whether the record's own key has signed it."""
    said = read(folder / SIGNED, wrong) or {}
    if not signature_holds(said):
        wrong.append(f"{SIGNED}: its signature does not hold.")
    others = {name: digest for name, digest in found.items() if name != SIGNED}
    if said.get("files") != others:
        wrong.append(f"{SIGNED}: the files are not those that were signed.")
    return said


def verify(folder: Path, kept: list[Path]) -> tuple[list[str], list[str]]:
    """What holds and what is wrong, in sentences; `kept` are files of heads that somebody else has kept."""
    wrong: list[str] = []
    found = files(folder, wrong)
    about = signed(folder, found, wrong)
    reference, chain = str(about.get("reference", "")), lines(folder, wrong)
    strangers = [n for n, (line, _) in enumerate(chain, 1) if line.get("reference") != reference]
    wrong += [f"Line {number} is of another review." for number in strangers]
    holds = [f"{len(found)} files, {len(chain)} lines of the record of {reference}."]
    own = about.get("public_key")
    holds.append(f"Signed by the record's key {own}. Compare it with the key that a partner knows.")
    now = folder / NOW
    for path in [now, *([folder / DAILY] if (folder / DAILY).exists() else []), *kept]:
        said = read(path, wrong)
        if said is None:
            continue
        if said.get("public_key") != own:
            wrong.append(f"{path.name}: signed with another key than this bundle.")
        holds.append(against(path.name, said, reference, chain, wrong))
        if path == now and said.get("heads", {}).get(reference, [0])[0] != len(chain):
            wrong.append(f"{NOW}: the review had another number of lines when the bundle was made.")
    return [words for words in holds if words], wrong


def main(given: list[str]) -> int:
    """Say what was found; 0 if all holds."""
    folder = Path(__file__).resolve().parent
    try:
        holds, wrong = verify(folder, [Path(name) for name in given])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        holds, wrong = [], [f"The bundle cannot be read: {fault}."]
    for words in [*holds, *wrong]:
        sys.stdout.write(words + "\n")
    sys.stdout.write("NOT AS IT WAS MADE.\n" if wrong else "It holds.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
