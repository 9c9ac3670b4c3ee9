"""The rules on what a program may ask the machine: the time, the zone and the environment, each in one place."""

import ast
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

from house.reading import House, lies_in
from house.rooms import DOORS

CLOCK = "safeguarding/dates/london.py"
"""The file that knows the time and the zone of the law."""

NOW = "safeguarding.dates.london.now"

CLOCKS = {
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime")),
    *("time.clock_gettime", "time.clock_gettime_ns", "email.utils.localtime", "email.utils.formatdate"),
    *(f"pendulum.{name}" for name in ("now", "today", "tomorrow", "yesterday")),
    *(f"pendulum.{kind}.{name}" for kind in ("DateTime", "Date") for name in ("now", "utcnow", "today")),
    *(f"sqlalchemy.{holder}.{name}" for holder in ("func", "sql.func") for name in ("now", "current_timestamp")),
    *(f"sqlalchemy.func.{name}" for name in ("current_date", "current_time", "localtime", "localtimestamp", "sysdate")),
}
"""What says the time of day. `time.monotonic` says only how long something took, and anybody may ask it."""

ASKED = ("now", "utcnow", "today")
"""The methods that say it, on whatever they are called: `type(moment).now()`."""

ZONES = {
    *("zoneinfo", "dateutil", "pytz", "tzlocal", "datetime.timezone", "datetime.tzinfo"),
    *(f"time.{name}" for name in ("tzset", "tzname", "timezone", "altzone", "daylight")),
    *(f"pendulum.{name}" for name in ("timezone", "timezones", "tz", "Timezone", "FixedTimezone", "fixed_timezone")),
    *(f"pendulum.{name}" for name in ("local", "local_timezone", "set_local_timezone", "test_local_timezone")),
}
"""What makes or asks for a time zone. `datetime.UTC` names none of the law's, and stands anywhere."""

ENVIRONMENT = {
    *(f"{module}.{name}" for module in ("os", "posix", "nt") for name in ("environ", "environb", "getenv", "getenvb")),
    *("os.putenv", "os.unsetenv", "os.path.expandvars", "posixpath.expandvars", "ntpath.expandvars"),
}
"""What reads or writes the environment of the process."""

READS_IT = {
    "config/settings.py": "the settings and the secrets of an installation",
    "flows/server/prefect_settings.py": "what Prefect's own processes need is set there, before they begin",
}
"""The files that may, and what for."""


def nobody_below_the_doors_asks_what_time_it_is(house: House) -> list[str]:
    """`now` and `today` are arguments everywhere below the doors, which ask the one place that knows, and no other."""
    wrong: list[str] = []
    for room, paths in house.rooms.items():
        forbidden = CLOCKS if room in DOORS else {*CLOCKS, NOW}
        for path in (path for path in paths if house.said(path) != CLOCK):
            wrong += spoken(house, path, forbidden)
            wrong += [] if room in DOORS else asked(house, path)
    return wrong


def spoken(house: House, path: Path, names: set[str]) -> Iterator[str]:
    """Where a file imports or speaks of one of these names, under whatever name it has it."""
    found = {(line, name) for name, line in house.source(path).mentions if lies_in(name, names)}
    yield from (f"{house.said(path, line)}: {name}" for line, name in sorted(found))


def asked(house: House, path: Path) -> Iterator[str]:
    """Where a file asks something for the time: a class that it was given, or a moment."""
    for call in house.source(path).nodes(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in ASKED:
            yield f"{house.said(path, call.lineno)}: {ast.unparse(call)}"


def zones_are_made_in_one_place(house: House) -> list[str]:
    """London is the zone of the law, by whatever name: it is made, and a zone is named, in one file alone."""
    known = zoneinfo.available_timezones()
    wrong: list[str] = []
    for path in (path for path in house.product if house.said(path) != CLOCK):
        wrong += spoken(house, path, ZONES)
        for node in house.source(path).nodes(ast.Constant):
            if isinstance(node.value, str) and node.value in known:
                wrong.append(f"{house.said(path, node.lineno)}: {node.value}")
        for call in house.source(path).nodes(ast.Call):
            if (
                isinstance(call.func, ast.Attribute)
                and call.func.attr == "astimezone"
                and not call.args + call.keywords
            ):
                wrong.append(f"{house.said(path, call.lineno)}: the zone of the machine")
    return wrong


def london_is_named_once(house: House) -> list[str]:
    """The one place names it one time, and has no other zone than it and UTC."""
    known = zoneinfo.available_timezones()
    constants = house.source(house.root / CLOCK).nodes(ast.Constant)
    named = sorted(str(node.value) for node in constants if isinstance(node.value, str) and node.value in known)
    return [] if named == ["Europe/London", "UTC"] else [f"{CLOCK}: {named}"]


def the_environment_is_read_in_one_place(house: House) -> list[str]:
    """Settings come through `config.settings`; what Prefect's own processes need is set in one file of the doors."""
    found = {house.said(path): [*spoken(house, path, ENVIRONMENT)] for path in house.product}
    wrong = [line for file, lines in found.items() for line in lines if file not in READS_IT]
    return wrong + [f"{file} is named as an exception, and is none" for file in READS_IT if not found.get(file)]


RULES = (
    nobody_below_the_doors_asks_what_time_it_is,
    zones_are_made_in_one_place,
    london_is_named_once,
    the_environment_is_read_in_one_place,
)
