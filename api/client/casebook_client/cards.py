"""How records look in a notebook: the words first, then whose they are and where they stand.

Everything is escaped: the words of a document are never markup here.
"""

from collections.abc import Iterable
from html import escape
from itertools import islice

from pydantic import BaseModel

from casebook_client import wire

MOST = 20
"""Cards shown; a data frame shows the rest."""

_STYLE = """<style>
.casebook article {border-left: 3px solid #888; margin: 0 0 1em; padding-left: .8em}
.casebook article {max-width: 46em}
.casebook blockquote {margin: 0 0 .3em; padding: 0; border: 0}
.casebook blockquote {white-space: pre-line; color: inherit}
.casebook p {margin: .2em 0; font-size: 90%}
.casebook .notice {font-weight: bold}
.casebook .finding {border: 1px solid #888; border-radius: .8em}
.casebook .finding {padding: 0 .5em; margin-right: .3em}
.casebook mark {background: #fe8; color: #000}
</style>"""


def page(cards: Iterable[str], *, head: str = "", notes: Iterable[str] = ()) -> str:
    """The cards one below the other, the first twenty of them."""
    remaining = iter(cards)
    shown = list(islice(remaining, MOST))
    left = sum(1 for _ in remaining)
    more = [_line(f"and {left:,} more, in .to_pandas() or .to_polars()")] if left else []
    body = shown or [_line("Nothing.")]
    parts = [head, *body, *more, *map(_line, notes)]
    return f'{_STYLE}<div class="casebook">{"".join(parts)}</div>'


def strength(grade: str, *, total: int) -> str:
    """How strong a search's answer is."""
    return _line(f"{total:,} passages match; the answer is {grade}.")


def evidence(passage: wire.Evidence) -> str:
    """The words, what was searched for marked; findings, citation and recommendations below."""
    return _article(
        f"<blockquote>{_marked(passage.text, passage.highlights)}</blockquote>",
        _citation(passage.citation),
        _findings(passage.findings),
        *map(_linked, _each_once(passage.recommendations)),
    )


def recommendation(recommended: wire.Recommendation) -> str:
    """Its words, to whom, what it rests on and how it was answered."""
    name = recommended.number or recommended.title or recommended.group or recommended.id
    answers = [
        _said(f"{reply.responder or reply.document_id}", reply.status)
        for reply in recommended.responses
    ]
    latest = recommended.latest
    return _article(
        f"<p><b>{escape(recommended.kind.capitalize())} {escape(name)}</b>"
        f"{escape(_to(recommended))}</p>",
        _quotation(recommended.text),
        _citation(recommended.citation),
        _line(f"{recommended.evidence.total} passages bear on it."),
        *answers,
        _said(latest.dated, f"{latest.who}: {latest.status}") if latest else "",
    )


def verified(quotation: wire.Verified) -> str:
    """The quotation, the verdict on it, and where its words stand."""
    places = quotation.places or [place for part in quotation.fragments for place in part.places]
    return _article(
        _quotation(quotation.text),
        f'<p class="notice">{escape(quotation.summary)}</p>',
        *map(_line, quotation.warnings),
        *map(_place, places),
    )


def explanation(explained: wire.FindingExplanation) -> str:
    """The sentence with the trigger marked, and why it has its tag, voice and stance."""
    finding = explained.finding
    trigger = wire.Highlight(start=finding.start, end=finding.end)
    return _article(
        f"<p><b>{escape(explained.label)}</b>: {escape(explained.definition)}</p>",
        f"<blockquote>{_marked(finding.text, [trigger])}</blockquote>",
        _citation(finding.citation),
        _findings([finding]),
        *map(_line, explained.summary),
    )


def record(shown: BaseModel) -> str:
    """A card for any record."""
    match shown:
        case wire.Evidence():
            return evidence(shown)
        case wire.Recommendation():
            return recommendation(shown)
        case wire.Verified():
            return verified(shown)
        case wire.Finding():
            return _article(_quotation(shown.text), _citation(shown.citation), _findings([shown]))
        case wire.Document(citation=wire.Citation() as citation):
            return _article(_citation(citation), _line(f"{shown.passages} passages"))
        case wire.Ranked():
            return _article(
                _quotation(shown.text), _said(f"{shown.query_id}, {shown.rank}", shown.passage_id)
            )
        case _:
            values = (str(value) for _, value in shown)
            return _line(" · ".join(values))


def _article(*parts: str) -> str:
    return f"<article>{''.join(parts)}</article>"


def _line(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _said(who: str, what: str) -> str:
    return f"<p>{escape(who)}: {escape(what)}</p>"


def _quotation(words: str) -> str:
    return f"<blockquote>{escape(words)}</blockquote>"


def _marked(words: str, highlights: Iterable[wire.Highlight]) -> str:
    parts: list[str] = []
    reached = 0
    for at in sorted(highlights, key=lambda highlight: highlight.start):
        if at.start >= reached:
            parts.append(escape(words[reached : at.start]))
            parts.append(f"<mark>{escape(words[at.start : at.end])}</mark>")
            reached = at.end
    return "".join([*parts, escape(words[reached:])])


def _citation(citation: wire.Citation) -> str:
    words = escape(citation.cite_as)
    if citation.url and citation.url.startswith(("https://", "http://")):
        words = f'<a href="{escape(citation.url)}" rel="noreferrer">{words}</a>'
    notice = f'<p class="notice">{escape(citation.notice)}</p>' if citation.notice else ""
    return f"<p>{words}</p>{notice}"


def _findings(findings: Iterable[wire.Tagged]) -> str:
    shown = dict.fromkeys(f"{found.tag}: {found.voice}, {found.stance}" for found in findings)
    badges = "".join(f'<span class="finding">{escape(words)}</span>' for words in shown)
    return f"<p>{badges}</p>" if badges else ""


def _each_once(linked: Iterable[wire.Linked]) -> list[list[wire.Linked]]:
    """The links of each recommendation together: several sentences may bear on one."""
    by_id: dict[str, list[wire.Linked]] = {}
    for link in linked:
        by_id.setdefault(link.id, []).append(link)
    return list(by_id.values())


def _linked(links: list[wire.Linked]) -> str:
    first = links[0]
    name = f"{first.kind.capitalize()} {first.number or ''}".strip()
    reasons = dict.fromkeys(f"{link.relation}, {link.basis}".replace("_", " ") for link in links)
    return f"<p><b>{escape(name)}</b> ({escape('; '.join(reasons))}): {escape(first.text)}</p>"


def _to(recommended: wire.Recommendation) -> str:
    return f", to {', '.join(recommended.addressee)}" if recommended.addressee else ""


def _place(place: wire.QuotedPlace) -> str:
    whose = f"{place.voice}, {place.stance}".replace("_", " ")
    return f"{_citation(place.citation)}{_line(whose)}"
