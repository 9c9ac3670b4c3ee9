"""Faults to be planted in a copy of the house, each with the rule that must find it."""

from typing import NamedTuple

from house import declared, order, others, private, time_and_place, words
from house.reading import Rule


class Fault(NamedTuple):
    """What is planted where, by which rule it is found, and a part of what that says of it."""

    what: str
    where: str
    planted: str
    """Added at the end of the file, or written where there is none."""
    rule: Rule
    says: str
    instead_of: str = ""
    """What it takes the place of."""


def several(what: str, where: str, rule: Rule, *planted: tuple[str, str]) -> list[Fault]:
    """Faults of one kind in one file: each its text, and what the rule says of it."""
    return [Fault(f"{what} `{says}`", where, text, rule, says) for text, says in planted]


SERVER, SWEEP, LAW = "flows/server/server.py", "tasks/record/sweep.py", "safeguarding/law/rule.py"
PREFECT = "import prefect.settings\n"
A_WORKER = "import prefect.workers.base as b\nclass X(b.BaseWorker):\n"
OF_OURS = "from flows.server.worker import InProcessWorker as B\n"
FILE, PAGE = '"""Helps."""\n', "README.md"

STRAY = (
    *("flows/helpers/x.py", "tasks/misc/__init__.py", "config/odd.py", "flows/notes.txt", "tasks/steps.json"),
    *("safeguarding/odd/x.py", "safeguarding/odd.py", "safeguarding/law/odd.py", "safeguarding/duties/more/x.py"),
    *("config/rules/wales/x.yaml", "config/templates/x.html", "flows/server/page.ts", "config/rules/x.py"),
)

IN_ORDER = (
    Fault("a room that sees a later one", LAW, "import config\n", order.no_room_imports_a_later_one, "config"),
    Fault(
        "a door that sees another", "pages/guard.py", "import flows.watch\n", order.no_door_sees_another, "flows.watch"
    ),
    Fault("a relative import", LAW, "from . import roles\n", order.nothing_is_imported_relatively, ".: roles"),
    Fault("one of a name", LAW, "from .roles import X\n", order.nothing_is_imported_relatively, ".roles: X"),
    Fault("a star", LAW, "from os import *\n", order.nothing_is_imported_relatively, "os: *"),
    Fault(
        "a look down the list",
        "safeguarding/law/milestones.py",
        "def _late() -> None:\n    from safeguarding.law import rulebook\n",
        order.each_folder_sees_those_before_it,
        "looks down",
    ),
    Fault(
        "a circle, hidden in a function",
        "safeguarding/dates/counting.py",
        "def _late() -> None:\n    import safeguarding.law.rulebook\n",
        order.no_circle,
        "safeguarding/dates/counting.py and ",
    ),
    *(
        Fault(f"a stray {where}", where, FILE, order.everything_has_its_place, f"{where} has no place in the order")
        for where in STRAY
    ),
    Fault(
        "no __init__.py", "flows/odd/x.py", FILE, order.every_folder_says_what_it_is_for, "flows/odd has no __init__"
    ),
    Fault(
        "no docstring", "flows/odd/__init__.py", "X = 1\n", order.every_module_opens_with_what_it_is_for, "flows/odd"
    ),
    Fault("a room's name", "flows/config.py", FILE, order.no_module_takes_the_name_of_a_room, "flows/config.py"),
    Fault("no flow", "flows/helpers.py", FILE, order.the_top_of_flows_holds_flows, "flows/helpers.py: 0 flows"),
    Fault(
        "a decorator of one's own",
        "flows/helpers.py",
        "def flow(f):\n    return f\n\n@flow\ndef work(): ...\n",
        order.the_top_of_flows_holds_flows,
        "flows/helpers.py: 0 flows",
    ),
    Fault(
        "one in the place of Prefect's",
        "tasks/helpers.py",
        "from prefect import task\n\ndef task(f):\n    return f\n\n@task\ndef work(): ...\n",
        order.the_top_of_tasks_holds_tasks,
        "work is no task",
    ),
    Fault(
        "one of another's",
        "tasks/helpers.py",
        "from functools import cache as task\n@task\ndef work(): ...\n",
        order.the_top_of_tasks_holds_tasks,
        "work is no task",
    ),
    Fault("nothing that is called", "tasks/helpers.py", FILE, order.the_top_of_tasks_holds_tasks, "no task"),
)

OF_OTHERS = (
    *several(
        "replaced by",
        SERVER,
        others.nothing_of_others_is_replaced,
        (f"{PREFECT}prefect.settings.Settings = None\n", "prefect.settings.Settings"),
        (f"{PREFECT}x = prefect.settings\nx.Y = 1\n", "x.Y"),
        (f"{PREFECT}x, z = prefect.settings, 1\ndel x.Y\n", "x.Y"),
        (f"{PREFECT}def f(one=prefect.settings):\n    one.Y = 1\n", "one.Y"),
        (f"{PREFECT}for x in (prefect.settings,):\n    x.Y += 1\n", "x.Y"),
        ("import prefect\nx = getattr(prefect, 'settings')\nx.Y = 1\n", "x.Y"),
        ("import importlib\nx = importlib.import_module('prefect.settings')\nx.Y = 1\n", "x.Y"),
        (
            "from prefect import x as s\nclass A:\n    def b(self):\n        self.c = s\n        self.c.D = 1\n",
            "self.c.D",
        ),
        ("from prefect import plugins as p\np.KNOWN['x'] = 1\n", "p.KNOWN['x']"),
        ("from apprise import NotifyBase as n\nn.template_args.clear()\n", "n.template_args.clear"),
    ),
    *several(
        "set on",
        SERVER,
        others.attributes_are_set_on_ones_own,
        ("def f(thing):\n    thing.Y = 1\n", ": thing"),
        ("def f(self):\n    self.Y = 1\n", "a self of no class"),
        ("X = lambda self: self._y\n", "a self of no class"),
        ("for self in ():\n    self.Y = 1\n", "another self"),
        ("import prefect\nprefect.get_client().Y = 1\n", "prefect.get_client()"),
    ),
    *several(
        "round the rules by",
        SWEEP,
        others.nobody_goes_round_the_rules,
        (f"{PREFECT}prefect.settings.__dict__['Y'] = 1\n", "prefect.settings.__dict__"),
        (f"{PREFECT}vars(prefect.settings)['Y'] = 1\n", "vars"),
        (f"{PREFECT}put = setattr\nput(prefect.settings, 'Y', 1)\n", "setattr"),
        (f"{PREFECT}type.__setattr__(prefect.settings.Settings, 'Y', 1)\n", "type.__setattr__"),
        (f"{PREFECT}object.__setattr__(prefect.settings, 'Y', 1)\n", "object.__setattr__"),
        ("import builtins as b\nb.delattr(b, 'open')\n", "delattr"),
        ("from sys import modules\nmodules['prefect'].Y = 1\n", "sys.modules"),
        ("import sys as s\ns.modules['prefect'].Y = 1\n", "s.modules"),
        ("from importlib import import_module as i\ni('prefect.settings').Y = 1\n", "importlib.import_module"),
        ("import pkgutil\npkgutil.resolve_name('prefect.settings').Y = 1\n", "pkgutil.resolve_name"),
        ("from unittest import mock\nmock.patch('prefect.settings.Y', 1)\n", "unittest.mock"),
        ("import unittest.mock as m\nm.patch('prefect.settings.Y', 1)\n", "unittest.mock"),
        ("X = __import__('prefect')\n", "__import__"),
        ("exec('import prefect; prefect.Y = 1')\n", "exec"),
        ("def f(x):\n    x.__class__.__init__.__globals__['y'] = 1\n", "x.__class__.__init__.__globals__"),
        ("X = __builtins__\n", "__builtins__"),
        ("X = type('X', (dict,), {})\n", "type('X', (dict,), {})"),
    ),
    Fault(
        "an exception that is none any more",
        "flows/watch.py",
        "keep = None",
        others.nobody_goes_round_the_rules,
        "flows/watch.py: pkgutil.resolve_name('flows.server.registration:keep') is named as an exception",
        instead_of='keep = pkgutil.resolve_name("flows.server.registration:keep")',
    ),
    *several(
        "private:",
        SWEEP,
        private.no_private_name_of_anothers_is_used,
        ("import prefect\nprefect._x\n", "prefect._x"),
        ("def f(x):\n    x._y = 1\n", "x._y"),
        ("def f(x):\n    return getattr(x, '_y', None)\n", "getattr(x, '_y', None)"),
        ("def f(x):\n    setattr(x, '_y', 1)\n", "setattr(x, '_y', 1)"),
        ("def f(x):\n    delattr(x, '_y')\n", "delattr(x, '_y')"),
        ("from operator import attrgetter as a\nX = a('b._y')\n", "a('b._y')"),
        ("from prefect._internal import x\n", "prefect._internal.x"),
        ("import prefect._internal.x\n", "prefect._internal.x"),
        ("from tasks.store.session import _sqlite\n", "tasks.store.session._sqlite"),
    ),
    *several(
        "inherited:",
        SERVER,
        private.no_class_touches_what_it_inherits_privately,
        (f"{A_WORKER}    def _submit_run(self): ...\n", "X._submit_run"),
        (f"{OF_OURS}class X(B):\n    async def _submit_run(self): ...\n", "X._submit_run"),
        (f"{A_WORKER}    def y(self):\n        self._limiter = 1\n", "X._limiter"),
        (f"{A_WORKER}    def y(self):\n        return self._limiter\n", "X._limiter"),
        ("from apprise import NotifyBase\nclass A(NotifyBase): ...\nclass X(A):\n    _slot = 1\n", "X._slot"),
        ("def f(base):\n    class X(base()): ...\n", "X inherits from base()"),
    ),
)

PROJECT, COUNTING = "pyproject.toml", "safeguarding/dates/counting.py"

DECLARED = (
    Fault("out of its room", LAW, "import sqlalchemy\n", declared.each_outside_package_stays_in_its_room, LAW),
    Fault("an import that is not declared", SWEEP, "import docker\n", declared.every_import_is_declared, "docker"),
    Fault("an extra's, elsewhere", SWEEP, "import aiosmtpd\n", declared.every_import_is_declared, "aiosmtpd"),
    Fault("a test's", "tests/conftest.py", "import docker\n", declared.every_import_of_the_tests_is_declared, "docker"),
    Fault(
        "a test's, by a string",
        "tests/conftest.py",
        "pytest.importorskip('docker.x')\n",
        declared.every_import_of_the_tests_is_declared,
        "docker",
    ),
    Fault(
        "a dependency that nobody uses",
        PROJECT,
        'dependencies = [\n    "left-pad==1.0",',
        declared.every_dependency_is_imported,
        "left-pad is declared",
        instead_of="dependencies = [",
    ),
    Fault(
        "an exception that is imported",
        SWEEP,
        "import async_timeout\n",
        declared.every_dependency_is_imported,
        "async-timeout is named as an exception",
    ),
    Fault(
        "an exception that is not declared",
        PROJECT,
        "",
        declared.every_dependency_is_imported,
        "async-timeout is named as an exception",
        instead_of="    \"async-timeout>=4.0.3; python_full_version < '3.11.3'\",",
    ),
    Fault(
        "a member of an extra that nobody uses",
        PROJECT,
        'test = [\n    "left-pad==1.0",',
        declared.every_member_of_an_extra_is_imported,
        "left-pad is declared",
        instead_of="test = [",
    ),
    Fault(
        "a tool that is no longer in an extra",
        PROJECT,
        "",
        declared.every_member_of_an_extra_is_imported,
        "editables is named as an exception",
        instead_of='"editables>=0.5", ',
    ),
)

TIME_AND_PLACE = (
    *several(
        "the time by",
        SWEEP,
        time_and_place.nobody_below_the_doors_asks_what_time_it_is,
        ("import time\nX = time.time()\n", "time.time"),
        ("from time import time\nX = time()\n", "time.time"),
        ("import time as t\nX = t.time_ns\n", "time.time_ns"),
        ("from datetime import datetime as dt\nX = dt.now()\n", "datetime.datetime.now"),
        ("import datetime as d\nX = d.date.today()\n", "datetime.date.today"),
        ("from datetime import datetime\nnow = datetime.utcnow\n", "datetime.datetime.utcnow"),
        ("from pendulum import now as n\nX = n('UTC')\n", "pendulum.now"),
        ("import pendulum as p\nX = p.DateTime.now()\n", "pendulum.DateTime.now"),
        ("def f(x):\n    return type(x).now()\n", "type(x).now()"),
        ("from safeguarding.dates.london import now as n\n", "safeguarding.dates.london.now"),
        ("from safeguarding.dates import london as l\nX = l.now\n", "safeguarding.dates.london.now"),
        ("from sqlalchemy import func\nX = func.now()\n", "sqlalchemy.func.now"),
    ),
    Fault(
        "a door's own clock",
        SERVER,
        "import pendulum\nX = pendulum.now()\n",
        time_and_place.nobody_below_the_doors_asks_what_time_it_is,
        "pendulum.now",
    ),
    *several(
        "the zone by",
        COUNTING,
        time_and_place.zones_are_made_in_one_place,
        ("from zoneinfo import ZoneInfo as Z\nX = Z('GB')\n", "zoneinfo.ZoneInfo"),
        ("import pendulum as p\nX = p.timezone('GB-Eire')\n", "pendulum.timezone"),
        ("from dateutil import tz\n", "dateutil.tz"),
        ("import pytz\n", "pytz"),
        ("from datetime import timezone\n", "datetime.timezone"),
        ("X = 'GB'\n", "GB"),
        ("def f(x):\n    return x.astimezone()\n", "the zone of the machine"),
    ),
    Fault("London once more", time_and_place.CLOCK, "X = 'GB'\n", time_and_place.london_is_named_once, "GB"),
    *several(
        "the environment by",
        SWEEP,
        time_and_place.the_environment_is_read_in_one_place,
        ("import os\nX = os.environ['X']\n", "os.environ"),
        ("import os as o\nX = o.getenv('X')\n", "os.getenv"),
        ("from os import environ\n", "os.environ"),
        ("from os import getenv as g\nX = g('X')\n", "os.getenv"),
        ("from os import path as p\nX = p.expandvars('$X')\n", "os.path.expandvars"),
    ),
)

OF_WORDS = (
    Fault("a class once more", SWEEP, "class Review: ...\n", words.one_word_has_one_meaning, "Review: "),
    Fault("inside of one", SWEEP, "class A1:\n    class Review: ...\n", words.one_word_has_one_meaning, "Review: "),
    Fault("by an alias", SWEEP, "from x import y as Review\n", words.one_word_has_one_meaning, "y is called Review"),
    Fault("by an assignment", SWEEP, "Review = int\n", words.one_word_has_one_meaning, "Review is given to"),
    Fault(
        "an operation without a door",
        "tasks/record/records.py",
        "class Records(Transactions):\n    def idle(self) -> None: ...\n",
        words.every_operation_of_the_record_has_a_door,
        "idle",
        instead_of="class Records(Transactions):\n",
    ),
    Fault("a path", PAGE, "See `tasks/trust.py`.\n", words.every_path_in_the_documents_exists, "tasks/trust.py"),
    Fault("in a command", PAGE, "Run `x -m tests/a/b`.\n", words.every_path_in_the_documents_exists, "tests/a/b"),
    Fault(
        "one of a decision",
        "docs/decisions/2026-11-24-certificates-read-once.md",
        "See [it](docs/x.md).\n",
        words.every_path_in_the_documents_exists,
        "docs/x.md",
    ),
)

PLANTED = (*IN_ORDER, *OF_OTHERS, *DECLARED, *TIME_AND_PLACE, *OF_WORDS)
