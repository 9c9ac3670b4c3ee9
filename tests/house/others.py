"""The rules on what belongs to others: nothing of theirs is replaced, and nobody goes round these rules."""

import ast
import pkgutil
from collections.abc import Iterator, MutableMapping, MutableSequence, MutableSet
from functools import cache
from pathlib import Path

from house.reading import Found, Function, House, Source, beyond, dotted, lies_in

OF_OTHERS = {"prefect", "apprise", "sqlalchemy"}
"""Libraries that are used as they are: nothing in them is replaced."""

CHANGES_ITS_HOLDER = {
    *("append", "appendleft", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort"),
    *("add", "discard", "update", "difference_update", "intersection_update", "symmetric_difference_update"),
}
"""The methods that change a list, a set or a mapping."""

SET_HERE = {
    ("config/new_partnership/workbook.py", "cell"): "how a cell looks, as openpyxl documents",
    ("config/new_partnership/workbook.py", "sheet"): "a sheet made just before, as openpyxl documents",
    ("config/new_partnership/workbook.py", "sheet.column_dimensions[column[0].column_letter]"): "how wide a column is, "
    "as openpyxl documents",
    ("flows/beside_the_stages.py", "take"): "the function made just before, which is to be called as its step is",
    ("flows/cards/drawing.py", "state.state_details"): "a state made just before, as Prefect's own pause fills it in",
    ("flows/cli/main.py", "top[flag]"): "a command of ours, as Cyclopts documents",
    ("flows/cli/main.py", "top.meta"): "the command line of ours, as Cyclopts documents",
    ("flows/privacy/prove.py", "proof"): "of our own Proof, which is filled in step by step",
    ("flows/privacy/tables.py", "connection"): "a connection of sqlite3's, which documents how text is read",
    ("flows/privacy/taken_away.py", "taken"): "of our own TakenAway, in which what was taken away is counted",
    ("flows/server/doors.py", "worker"): "the runs left half-way, of our own worker",
    ("flows/server/server.py", "proved"): "of our own Proved, which is told what ends the server",
    ("tasks/anonymity/word_parts.py", "parser"): "a parser made just before, as `expat` documents",
    ("tasks/word/tables_in.py", "parser"): "the same",
    ("tasks/bundle/password.py", "entry"): "an entry of a zip made just before, as `zipfile` documents",
    ("tasks/bundle/zipped.py", "entry"): "an entry of a zip made just before, as `zipfile` documents",
    ("tasks/events/nothing_typed.py", "record"): "a line of a log, which `logging` lets a filter change",
    ("tasks/export/workbook.py", "cell"): "a cell made just before, as openpyxl documents",
    ("tasks/export/workbook.py", "sheet"): "a sheet made just before, as openpyxl documents",
    ("tasks/export/workbook.py", "sheet.column_dimensions[letter]"): "how wide a column is, as openpyxl documents",
    ("tasks/moving_in/actions_workbook.py", "cell"): "how a cell looks, as openpyxl documents",
    ("tasks/moving_in/actions_workbook.py", "page"): "a sheet made just before, as openpyxl documents",
    ("tasks/moving_in/actions_workbook.py", "page.cell(1, number)"): "how a cell looks, as openpyxl documents",
    (
        "tasks/moving_in/actions_workbook.py",
        "page.column_dimensions[letter]",
    ): "how wide a column is, as openpyxl documents",
    ("tasks/moving_in/template.py", "cell"): "how a cell looks, as openpyxl documents",
    ("tasks/moving_in/template.py", "page"): "a sheet made just before, as openpyxl documents",
    ("tasks/moving_in/template.py", "page.cell(1, number)"): "how a cell looks, as openpyxl documents",
    ("tasks/moving_in/template.py", "page.column_dimensions[letter]"): "how wide a column is, as openpyxl documents",
    ("tasks/word/document.py", "about"): "the properties of a file made just before, as python-docx documents",
    ("tasks/word/document.py", "page"): "a section of a file made just before, as python-docx documents",
    ("tasks/word/document.py", "table"): "a table of a file made just before, as python-docx documents",
    ("tasks/word/document.py", "column"): "the same",
    ("tasks/word/document.py", "cell"): "the same",
    ("tasks/word/document.py", "said"): "words put down just before, as python-docx documents",
    ("tasks/word/document.py", "style.font"): "a style of a file made just before, as python-docx documents",
    ("tasks/word/document.py", "font"): "the same",
    ("tasks/word/document.py", "font.color"): "the same",
    ("tasks/word/document.py", "made.add_paragraph().add_run(_plain(block['words'])).font"): "the same",
    ("tasks/post/deliver.py", "sender"): "of our own _Sender, made just before",
    ("tasks/post/deliver.py", "self.done"): "the counts of our own Delivered",
    ("tasks/post/mail.py", "_UTF8"): "a Charset made just before, as `email` documents",
    ("tasks/post/mail.py", "context"): "a TLS context made just before, as `ssl` documents",
    ("tasks/record/records.py", "line"): "of our own Line, in which a step keeps what it did with a key",
    ("tasks/store/session.py", "connection"): "a connection of sqlite3's, which begins no transaction by itself then",
}
"""Where an attribute is set on something else than `self`, on what, and why that is no replacement."""

WAYS_ROUND = {
    *(f"builtins.{name}" for name in ("setattr", "delattr", "vars", "globals", "locals", "exec", "eval", "compile")),
    *("builtins.__import__", "builtins.__build_class__", "sys.modules", "sys.meta_path", "sys.path_hooks", "sys.path"),
    *("importlib.import_module", "importlib.reload", "importlib.machinery", "importlib.__import__"),
    *("importlib.util.module_from_spec", "importlib.util.spec_from_file_location", "importlib.util.LazyLoader"),
    *("pkgutil.resolve_name", "pkgutil.get_loader", "pkgutil.find_loader", "pkgutil.ImpImporter", "runpy", "imp"),
    *("unittest", "mock", "pytest", "gc", "ctypes", "inspect.getattr_static", "inspect.currentframe"),
    *("sys._getframe", "operator.setitem", "operator.delitem"),
    *("types.FunctionType", "types.CodeType", "types.new_class"),
}
"""What sets, finds or imports a thing without its name standing there."""

OF_A_MODULE = ("__builtins__", "__loader__", "__spec__")
"""What Python puts into each module, which leads to all others."""

PLAIN = {
    *("__init__", "__name__", "__qualname__", "__doc__", "__module__", "__slots__"),
    *("__cause__", "__context__", "__traceback__"),
}
"""The names between double underscores that anybody may speak of."""

STOPS = "asyncio.get_running_loop().call_later(STOP_AFTER, setattr, server, 'should_exit', True)"
CHILD = "flows/server/child.py"
HEAP = "tasks/store/heap.py"
RUNS = "runpy.run_module(order.module, run_name='__main__', alter_sys=True)"
KEEPS = "pkgutil.resolve_name('flows.server.registration:keep')"

EXCHANGES = "Linux exchanges two folders at once by a call that Python has no other way to"

NEEDED = {
    **{
        ("tasks/public_site/exchanging.py", taken): EXCHANGES
        for taken in ("ctypes", "ctypes.CDLL(None, use_errno=True)", "ctypes.get_errno()")
    },
    (CHILD, "gc"): "when the collector of Python works, and not what it holds",
    (CHILD, "gc.disable()"): "it does not look through what is being imported for good",
    (CHILD, "gc.freeze()"): "nor, later, through what was: that memory is shared with what was forked",
    (CHILD, "gc.enable()"): "and works again",
    (CHILD, "gc.collect()"): "it looks once, at what importing left over",
    (HEAP, "gc"): "what nothing holds any more is let go",
    (HEAP, "gc.collect()"): "before what is free is given back",
    **{
        (HEAP, taken): "the C library has no other way to be asked to give memory back"
        for taken in ("ctypes", "ctypes.CDLL(None)")
    },
    (CHILD, "runpy"): "how a forked process runs what it is told",
    (CHILD, RUNS): "as `python -m` would: the people's pages are another door, which none of these may import",
    (CHILD, "pkgutil.resolve_name(module)"): "the same, of what a forked process imports before it is told",
    ("flows/server/server.py", STOPS): "uvicorn ends a server of ours by an attribute, and a timer takes a function",
    ("flows/watch.py", KEEPS): "of ours: what registers every flow knows this flow too",
    ("safeguarding/values.py", "copied.__dict__"): "a copy of our own model forgets the look-ups kept in it",
}
"""Where one of the ways round is taken, and why."""


def nothing_of_others_is_replaced(house: House) -> list[str]:
    """No attribute, item or member of Prefect, Apprise or SQLAlchemy is set: it falls off with their next release."""
    found = ((path, *one) for path in house.product for one in replaced(house.source(path)))
    return [f"{house.said(path, line)}: {name}" for path, name, line in found]


def replaced(source: Source) -> Iterator[tuple[str, int]]:
    """What a file sets or deletes of theirs, and what of theirs it changes by a method; with the lines."""
    for node in source.nodes(ast.Attribute, ast.Subscript):
        if isinstance(node.ctx, ast.Store | ast.Del) and theirs(source, node.value):
            yield ast.unparse(node), node.lineno
    for call in source.nodes(ast.Call):
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in CHANGES_ITS_HOLDER:
            continue
        if any(a_container(name) for name in theirs(source, call.func.value)):
            yield ast.unparse(call.func), call.lineno


def theirs(source: Source, node: ast.expr) -> set[str]:
    """The full names of what an expression may stand for, if it is theirs."""
    return {name for name in source.full(node) if lies_in(name, OF_OTHERS)}


@cache
def a_container(name: str) -> bool:
    """Whether something of theirs holds other things and can be changed."""
    try:
        return isinstance(pkgutil.resolve_name(name), MutableMapping | MutableSequence | MutableSet)
    except (ImportError, AttributeError, ValueError):
        return False


def attributes_are_set_on_ones_own(house: House) -> list[str]:
    """A method sets attributes of `self`; whoever sets another's is named, with what it belongs to."""
    return beyond((found for path in house.product for found in set_on(house, path)), SET_HERE)


def set_on(house: House, path: Path) -> Iterator[Found]:
    """What a file sets attributes on, but for `self` in a method; and who calls `self` what is not."""
    source, said = house.source(path), house.said(path)
    for node in source.nodes(ast.Attribute):
        if isinstance(node.ctx, ast.Store | ast.Del) and dotted(node.value) not in ("self", "cls"):
            yield Found(said, ast.unparse(node.value), node.lineno)
    methods = {id(one.args) for owner in source.nodes(ast.ClassDef) for one in owner.body if isinstance(one, Function)}
    for arguments in (one for one in source.nodes(ast.arguments) if id(one) not in methods):
        names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        yield from (Found(said, f"a {one.arg} of no class", one.lineno) for one in names if one.arg in ("self", "cls"))
    for name in source.nodes(ast.Name):
        if isinstance(name.ctx, ast.Store) and name.id in ("self", "cls"):
            yield Found(said, f"another {name.id}", name.lineno)


def nobody_goes_round_the_rules(house: House) -> list[str]:
    """What is set, found or imported is written by its name: by no string, no `__dict__`, no stand-in of a test's."""
    return beyond((found for path in house.product for found in ways_round(house, path)), NEEDED)


def ways_round(house: House, path: Path) -> Iterator[Found]:
    """What a file takes of the ways round: the call that one stands in, or its name where it is only spoken of."""
    source, said = house.source(path), house.said(path)
    calls = {id(part): call for call in source.nodes(ast.Call) for part in [call.func, *call.args]}
    for name, line in source.imported:
        if lies_in(name, WAYS_ROUND):
            yield Found(said, name, line)
    for node in source.nodes(ast.Name, ast.Attribute):
        call = calls.get(id(node))
        if leads_round(source, node) and not (call and sets_itself(call)):
            yield Found(said, ast.unparse(call or node), node.lineno)
    for call in source.nodes(ast.Call):
        if source.full(call.func) == {"builtins.type"} and len(call.args) > 1:
            yield Found(said, ast.unparse(call), call.lineno)


def leads_round(source: Source, node: ast.Name | ast.Attribute) -> bool:
    """Whether a name is one of the ways round, or one between double underscores that leads behind a thing."""
    behind = node.attr.startswith("__") and node.attr not in PLAIN if isinstance(node, ast.Attribute) else False
    return behind or dotted(node) in OF_A_MODULE or any(lies_in(name, WAYS_ROUND) for name in source.full(node))


def sets_itself(call: ast.Call) -> bool:
    """Whether a frozen object sets an attribute of its own while it is made, as `dataclasses` documents."""
    return dotted(call.func) == "object.__setattr__" and dotted(call.args[0]) == "self"


RULES = (nothing_of_others_is_replaced, attributes_are_set_on_ones_own, nobody_goes_round_the_rules)
