"""The rooms and folders of the product, and the order in which they may see each other."""

ROOMS: dict[str, tuple[str, ...]] = {
    "safeguarding": (
        "as_typed",
        "pasted",
        "values",
        "errors",
        "mailbox",
        "dates",
        "law",
        "review",
        "duties",
        "stages",
        "lifecycle",
        "proposed",
        "notices",
        "staff",
        "questions",
        "shown",
    ),
    "config": (
        "encodings",
        "bounded_files",
        "reading",
        "relied_on",
        "lengths",
        "lines",
        "settings",
        "bank_holidays",
        "sources",
        "deciding",
        "posts",
        "partnership_files",
        "checks",
        "addresses",
        "quoted_numbers",
        "vacancies",
        "own_steps",
        "new_partnership",
        "citations",
        "provisions",
        "__init__",
    ),
    "tasks": ("store", "post", "record", "events", ""),
    "flows": ("artifacts", "cards", "timed_runs", "", "server", "demo", "privacy", "cli"),
    "pages": (
        "may_see",
        "sought",
        "tries",
        "code_letter",
        "running",
        "rendering",
        "guard",
        "visits",
        "",
        "forms",
        "application",
        "__main__",
    ),
}
"""
The rooms, and the folders and files in each, in the order in which they may see each other: each sees those before it.

"" is every file at the top of a room that is not named itself.
"""

INSIDE: dict[str, tuple[str, ...]] = {
    "safeguarding/stages": ("beside", ""),
    "config/new_partnership": ("questions", "partners_given", "answers", "folder", "workbook", "__init__"),
    "safeguarding/shown/history": ("line", "", "told", "by_role"),
    "pages/forms": (
        "offers",
        "question",
        "typed",
        "sections",
        "several",
        "completed",
        "weight",
        "days",
        "still_asked",
        "signing",
        "known",
        "what_now",
        "beside",
        "once",
        "answered",
        "sent",
        "work",
        "presses",
        "opening",
        "shown",
        "room",
        "__init__",
    ),
    "safeguarding/dates": ("london", "working_days", "counting", "standing", "day_by_day"),
    "safeguarding/law": (
        "milestones",
        "roles",
        "citation",
        "remedy",
        "one_source",
        "rule",
        "giving_way",
        "serving",
        "own_length",
        "rung",
        "period",
        "own_milestone",
        "pseudonyms",
        "local_question",
        "demanded_proof",
        "partners",
        "person",
        "partnership",
        "rulebook",
        "editions_compared",
    ),
    "safeguarding/review": (
        "typed_words",
        "states",
        "events",
        "marks_put_right",
        "proof",
        "review",
        "concerned",
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
        "as_arranged",
        "local_questions",
        "proposals",
        "conditions",
    ),
}
"""The order inside the folders where it can be told as one."""

DOORS = ("flows", "pages")
"""The rooms that people come in by. Neither sees the other: each starts the other by a command, if at all."""

BESIDE_PYTHON: dict[str, tuple[str, ...]] = {
    "config/calendars": (".json",),
    "config/partnership": (".yaml",),
    "config/partnership/local_dates": (".yaml",),
    "config/rules/adults": (".yaml",),
    "config/rules/children": (".yaml",),
    "config/rules/recipients": (".yaml",),
    "config/rules/relied_on": (".yaml",),
    "config/rules/sources": (".yaml",),
    "config/templates": (".j2",),
    "flows/server": (".css", ".js", ".yml"),
    "pages/templates": (".j2",),
    "pages/static": (".css", ".js", ".svg"),
    "pages/static/govuk-frontend-6.6.0": (".css", ".js", ".txt"),
    "tasks/store/migrations": (".mako",),
}
"""The folders that hold files which are not Python, and how those end."""

NO_PACKAGE = {"tasks/store/migrations/versions": "Alembic reads its files by their path"}
"""The folders that hold Python and are imported by nobody, and why."""


def folders() -> set[str]:
    """Every folder that may hold a file."""
    named = {f"{over}/{name}" for over, order in [*ROOMS.items(), *INSIDE.items()] for name in order if name}
    return {*ROOMS, *INSIDE, *BESIDE_PYTHON, *NO_PACKAGE, *named}
