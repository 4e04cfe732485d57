"""
What each reference page says before its tables.
"""

from typing import Final

EVENTS_TEXT: Final = """
A service event is a CloudEvents 1.0 message: a fact from a source system. `source` and `id` together are its
identity; the same pair again is a copy and counts once. `time` is when it happened and must say its offset from
UTC. Nothing is guessed: a time without offset, an unknown type, a number in place of text is refused, with the
place of the fault as a JSON pointer.

Fields of `data` that this page does not name are refused, because a misspelt name would silently mean that the fact
is absent. A deployment that must take more sets `SQM_INGEST_UNKNOWN_DATA=keep`. Of a key that is written twice the
last one counts.
"""
EXTENSIONS_TEXT: Final = """
Any further attribute is an extension and is kept as it came: its name has 1 to 20 lower-case letters and digits;
its value is one line of at most 1024 characters, a 32-bit integer, or true or false; there are at most 32.
`receivedat` is set by ingest.
"""
STANDARDS_TEXT: Final = """
Documents in YAML, written by their owners, kept in git, published with `sqm standards publish`. A published version
never changes its meaning; another meaning is another version, other wording (title, owner, agreement, why,
labels) is a revision of the same version.

A duration is written with its unit (`20s`, `1h30m`, `2d`; at most 400 days), a share in percent (`80%`, `99.5%`), a
time with its offset (`2026-01-31T08:00:00+01:00`).A field that is not known is refused, so that no document is
half obeyed. Anchors, aliases, tags and keys written twice are refused.
"""
OUTCOMES_TEXT: Final = """
What the engine says about journeys and figures: plain JSON on Kafka, keyed by site. Times are integer milliseconds
since 1970 (UTC), durations are integer milliseconds. Ids are made of content, so what comes twice has the same id;
of two outcomes with one id the one with the greater pair (`rev_offset`, `rev_watermark`) holds.
"""
ALERTING_TEXT: Final = """
One document in YAML says which violations become alerts, who is told, by which way, and who is next if nobody answers.
It is kept in git and judged as a whole: every id that it mentions is in it, calendars excepted, which are published
with the standards. A broken one is refused with file, line and field, and the one in force stays in force.

The first rule that fits takes a violation and says how steady it must be and how grave it is. The alert goes down the
tree of routes into the first branch that fits, and into the next ones too where a branch says `continue`; what a branch
does not say it has from its parent. A route tells receivers at once, as channels that nobody has to answer, and begins
an escalation, step by step, until somebody acknowledges.

Durations, times and shares are written as in [standards](standards.md). Secrets are never written here but named: the
value is in the environment as `SQM_SECRET_<NAME>`, or in the file that `SQM_SECRET_<NAME>_FILE` names.
"""
ALERTS_TEXT: Final = """
What the service of alerts says, and what people say to it: plain JSON on Kafka. Times are integer milliseconds since
1970 (UTC), durations are integer milliseconds. An alert is known by its `key` (standard and scope, never the version),
each time that it is raised anew by its `id`, and each of its transitions by `id` and `seq`. A message is known by its
`id`, a command by the `id` that its sender chose, an attempt to deliver by message, time and outcome: what comes twice
is the same in these, and counts once.
"""
TOPICS_TEXT: Final = """
Names are logical: a deployment may put its own prefix in front of all of them. All topics keyed by site have the
same number of partitions, placed by murmur2 of the key as Java clients do, so one site is in the same partition of
each.
"""
DEAD_LETTERS_TEXT: Final = """
Key, value and the sender's headers stay as they came. Ours follow them, beginning with `sqm-headers`; each is UTF-8
text.
"""
WEBHOOKS_TEXT: Final = """
The value is the body as the vendor sent it. These headers come first; behind them stand those of the request, each
with `http-` before its name in small letters, without those that are secret (the signature, `authorization`, `cookie`)
or only concern the connection.
"""
METRICS_TEXT: Final = """
What `/metrics` of each service shows. No label ever holds a customer, a journey or an employee.
"""
