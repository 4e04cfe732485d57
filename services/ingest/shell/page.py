"""
Writes the OpenAPI document as one page for people: how to send, what is answered, which events there are.

Pure: a document goes in, HTML comes out. The page needs no script, and every text in it is escaped here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from services.ingest.engine import Mode
from services.ingest.shell import meters
from services.ingest.shell.openapi import ANSWER_EXAMPLES, EXAMPLES

__all__ = ["HERE", "STYLE", "curl", "page"]

HERE: Final = "http://127.0.0.1:8081"
"""Where ingest listens by default."""
_CODE: Final = re.compile(r"`([^`]+)`")
_MODES: Final = {
    Mode.BATCH: ("A batch", "The one to use: 500 events a request cost about as much as five requests of one."),
    Mode.STRUCTURED: ("One event", "The whole event is the body."),
    Mode.BINARY: ("One event, its attributes in headers", "The body is the `data` of the event alone."),
}
STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #59636e; --paper: #fff; --raised: #f6f8fa; --line: #d1d9e0;
  --link: #0757ba; --good: #11652c; --warn: #7d4e00; --bad: #b3202a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9aa4b0; --paper: #0d1117; --raised: #161b22;
  --line: #30363d; --link: #79b8ff; --good: #56d364; --warn: #e3b341; --bad: #ff8b85; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Roboto,
  "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 56rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1, h2, h3 { line-height: 1.25; margin: 0 0 .5rem; }
h1 { font-size: 1.75rem; } h1 small { color: var(--quiet); font-size: 1rem; font-weight: 400; }
h2 { font-size: 1.35rem; margin-top: 2.75rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin-top: 1.75rem; }
p, ul, ol { margin: .5rem 0; } p, li { max-width: 44rem; }
a { color: var(--link); }
nav { position: sticky; top: 0; background: var(--paper); border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: 1.25rem; list-style: none; max-width: 56rem; margin: 0 auto; padding: .6rem 1.25rem;
  overflow-x: auto; white-space: nowrap; }
h2, h3 { scroll-margin-top: 3.5rem; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; font-size: .875em; }
p code, li code, td code { overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0;
  padding: .9rem 1rem; overflow-x: auto; line-height: 1.45; }
pre.answer { border-left: 3px solid var(--good); } pre.refusal { border-left: 3px solid var(--bad); }
.quiet { color: var(--quiet); } .label { color: var(--quiet); font-size: .875rem; margin-bottom: 0; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-size: .875rem; font-weight: 600; }
td:first-child { white-space: nowrap; }
.s2 { color: var(--good); } .s4 { color: var(--bad); } .s5, .again { color: var(--warn); } .s2, .s4, .s5, .again {
  font-weight: 700; }
details { border-bottom: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; } summary code { font-weight: 600; overflow-wrap: anywhere; }
.must { color: var(--bad); font-size: .875rem; }
footer { color: var(--quiet); padding-top: 3rem; padding-bottom: 2.5rem; }
@media (max-width: 34rem) {
  header, main, footer { padding-left: 1rem; padding-right: 1rem; } nav ul { padding-left: 1rem; gap: 1rem; }
  h1 { font-size: 1.4rem; } h2 { font-size: 1.2rem; margin-top: 2.25rem; } pre { padding: .75rem; font-size: .875rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
  table.facts, table.facts tbody, table.facts tr, table.facts td { display: block; } table.facts th { display: none; }
  table.facts td { border: 0; padding: 0; } table.facts tr { border-bottom: 1px solid var(--line); padding: .4rem 0; }
}
"""


def curl(mode: Mode, url: str = HERE) -> str:
    """
    Return the example of a mode as a command for a shell.
    """
    content_type, headers, body = EXAMPLES[mode]
    lines = [
        f"curl --fail-with-body {url}{meters.Route.EVENTS}",
        '-H "Authorization: Bearer $SQM_TOKEN"',
        f"-H 'Content-Type: {content_type}'",
        *(f"-H '{name}: {value}'" for name, value in headers.items()),
        f"--data-binary '{json.dumps(body, indent=2)}'",
    ]
    return " \\\n  ".join(lines)


def page(document: Mapping[str, Any], url: str) -> str:
    """
    Return the page; its commands send to `url`, the address under which the reader sees this ingest.
    """
    return "\n".join(_parts(document, url))


def _parts(document: Mapping[str, Any], url: str) -> Iterator[str]:
    info = document["info"]
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<link rel="stylesheet" href="docs.css"><title>{escape(info["title"])}</title></head><body>'
    yield f"<header><h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
    yield f"<p>{_prose(info['summary'])} {_prose(info['description'])}</p></header>"
    yield '<nav><ul><li><a href="#token">Token</a></li><li><a href="#send">Send</a></li>'
    yield '<li><a href="#answers">Answers</a></li><li><a href="#webhooks">Webhooks</a></li>'
    yield '<li><a href="#events">Events</a></li>'
    yield '<li><a href="openapi.json">OpenAPI</a></li></ul></nav><main>'
    yield '<h2 id="token">Get a token</h2>'
    yield f"<p>{_prose(document['components']['securitySchemes']['token']['description'])}</p>"
    yield "<pre><code>sqm tokens create berlin-tickets --source /branch/berlin\nexport SQM_TOKEN=sqm_…</code></pre>"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            events = path == meters.Route.EVENTS
            yield f'<h2 id="{"send" if events else "webhooks"}"><code>{method.upper()} {escape(path)}</code></h2>'
            yield f"<p>{_prose(operation['summary'])} {_prose(operation['description'])}</p>"
            if events:
                yield from _examples(url)
                yield '<h2 id="answers">Answers</h2>'
            yield from _answers(operation["responses"])
    yield '<h2 id="events">Events</h2>'
    yield from _events(document["components"]["schemas"])
    signature = f"{info['title']} {info['version']}, {info['license']['name']}"
    yield f"</main><footer>{escape(signature)}</footer></body></html>"


def _examples(url: str) -> Iterator[str]:
    for mode, (title, note) in _MODES.items():
        yield f"<h3>{title}</h3><p>{_prose(note)}</p><pre><code>{escape(curl(mode, url))}</code></pre>"
        if mode is Mode.BATCH:
            for kind, (label, answer) in ANSWER_EXAMPLES.items():
                yield f'<p class="label">{_prose(label)}</p>'
                yield f'<pre class="{kind}"><code>{escape(json.dumps(answer, indent=2))}</code></pre>'


def _answers(responses: Mapping[str, Any]) -> Iterator[str]:
    yield "<table><tr><th>Status</th><th>Meaning</th></tr>"
    for status, response in responses.items():
        kind = "again" if "headers" in response else f"s{status[0]}"
        yield f'<tr><td class="{kind}">{status}</td><td>{_prose(response["description"])}</td></tr>'
    yield "</table>"
    yield f"<p>{_prose('Anything but 200 is a problem document (RFC 9457); `reason` is its stable name.')}</p>"


def _events(schemas: Mapping[str, Any]) -> Iterator[str]:
    yield "<p>Each type and what its <code>data</code> may say. A field that is not there is refused.</p>"
    for name, place in sorted(schemas["ServiceEvent"]["discriminator"]["mapping"].items()):
        event = _named(schemas, place)
        facts = _named(schemas, event["properties"]["data"]["$ref"])
        yield f"<details><summary><code>{escape(name)}</code> {_prose(event['description'])}</summary>"
        yield '<table class="facts"><tr><th>Field</th><th>Meaning</th></tr>'
        required = set(facts.get("required", ()))
        for field, schema in sorted(facts["properties"].items(), key=lambda one: one[0] not in required):
            must = ' <span class="must">required</span>' if field in required else ""
            yield f"<tr><td><code>{escape(field)}</code>{must}</td><td>{_prose(schema.get('description', ''))}"
            allowed = _allowed(schemas, schema)
            yield f' <span class="quiet">One of {_prose(allowed)}.</span></td></tr>' if allowed else "</td></tr>"
        yield "</table></details>"


def _named(schemas: Mapping[str, Any], reference: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schemas[reference.rpartition("/")[2]]
    return found


def _allowed(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """
    Name the values of a field that has a closed list of them; empty where it has none.
    """
    for one in (schema, *schema.get("anyOf", ())):
        meant = _named(schemas, one["$ref"]) if "$ref" in one else one
        if "enum" in meant:
            return ", ".join(f"`{value}`" for value in meant["enum"])
    return ""


def _prose(text: str) -> str:
    """
    Write a text of the document as HTML; what stands between backticks is code.
    """
    return _CODE.sub(r"<code>\1</code>", escape(text))
