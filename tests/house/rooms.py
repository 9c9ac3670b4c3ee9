"""The rooms and folders of the product, and the order in which they may see each other."""

ROOMS: dict[str, tuple[str, ...]] = {
    "safeguarding": (
        "as_typed",
        "values",
        "errors",
        "mailbox",
        "dates",
        "law",
        "review",
        "duties",
        "stages",
        "lifecycle",
        "notices",
        "staff",
        "questions",
        "shown",
    ),
    "config": (
        "encodings",
        "bounded_files",
        "reading",
        "lines",
        "settings",
        "bank_holidays",
        "sources",
        "partnership_files",
        "checks",
        "addresses",
        "quoted_numbers",
        "vacancies",
        "new_partnership",
        "citations",
        "__init__",
    ),
    "tasks": ("store", "post", "record", "events", ""),
    "flows": ("artifacts", "cards", "timed_runs", "", "server", "demo", "privacy", "cli"),
}
"""
The rooms, and the folders and files in each, in the order in which they may see each other: each sees those before it.

"" is every file at the top of a room that is not named itself.
"""

INSIDE: dict[str, tuple[str, ...]] = {
    "safeguarding/stages": ("beside", ""),
    "config/new_partnership": ("questions", "answers", "folder", "workbook", "__init__"),
    "safeguarding/dates": ("london", "working_days", "counting", "standing", "day_by_day"),
    "safeguarding/law": (
        "milestones",
        "roles",
        "citation",
        "remedy",
        "one_source",
        "rule",
        "rung",
        "period",
        "local_question",
        "partnership",
        "rulebook",
        "editions_compared",
    ),
    "safeguarding/review": (
        "typed_words",
        "states",
        "events",
        "marks_put_right",
        "review",
        "advance_copy",
        "fold",
        "as_they_were",
        "words",
        "choices",
        "forms",
        "offered",
        "criteria",
        "legal_tests",
        "step",
        "local_questions",
        "conditions",
    ),
}
"""The order inside the folders where it can be told as one."""

BESIDE_PYTHON: dict[str, tuple[str, ...]] = {
    "config/calendars": (".json",),
    "config/partnership": (".yaml",),
    "config/partnership/local_dates": (".yaml",),
    "config/rules/adults": (".yaml",),
    "config/rules/children": (".yaml",),
    "config/rules/sources": (".yaml",),
    "config/templates": (".j2",),
    "flows/server": (".css", ".yml"),
    "tasks/store/migrations": (".mako",),
}
"""The folders that hold files which are not Python, and how those end."""

NO_PACKAGE = {"tasks/store/migrations/versions": "Alembic reads its files by their path"}
"""The folders that hold Python and are imported by nobody, and why."""


def folders() -> set[str]:
    """Every folder that may hold a file."""
    named = {f"{over}/{name}" for over, order in [*ROOMS.items(), *INSIDE.items()] for name in order if name}
    return {*ROOMS, *INSIDE, *BESIDE_PYTHON, *NO_PACKAGE, *named}
