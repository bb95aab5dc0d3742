"""Evidence for people at a terminal: the quotation first, then where it stands and what it says.

Everything that came from a document goes through `words`, so that it can neither style the
terminal nor move its cursor.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import TypeVar

from pydantic import BaseModel
from rich.console import Console
from rich.padding import Padding
from rich.progress import track
from rich.text import Text

from api import table, wire
from index.lexical import stems
from ingest.model import Catalogue, Relation
from ingest.sentences import sentences

_T = TypeVar("_T")


class _Output(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


output = _Output(highlight=False)
"""What was asked for."""
notes = Console(stderr=True, highlight=False)
"""Progress, warnings and errors."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def words(text: str, style: str = "") -> Text:
    """Text from a document, without what a terminal would obey."""
    return Text(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), style=style)


def print_answer(answer: wire.Answer, *, explain: bool = False) -> None:
    """Evidence, best first, with a word of warning where it may be no answer; told why where asked
    to."""
    from index.strength import LIKELY  # which loads what searches, as whoever has an answer has

    if answer.strength != "strong":
        score = f"({answer.strength}, {answer.strength_score:.2f})"
        follows = "The nearest passages follow." if answer.hits else "No passage matches."
        output.print(Text("Nothing strong here.", style="bold yellow"), follows, score)
    elif answer.strength_score < LIKELY:
        output.print(
            Text(f"Perhaps answered here: a chance of {answer.strength_score:.2f}.", "dim")
        )
    for rank, evidence in enumerate(answer.hits, start=1):
        print_evidence(evidence, head=f"{rank}. ")
        if explain:
            output.print(_indented(_why(evidence)))
    if answer.also:
        output.print()
        output.print(
            words(f"Also searched for, with less weight: {', '.join(answer.also)}.", "dim")
        )
    for note in answer.notes:
        output.print()
        output.print(words(note, "yellow"))


def print_evidence(evidence: wire.Evidence, *, head: str = "", about: str = "") -> None:
    """One passage: its words, its citation, findings and recommendations.

    The recommendation with the id `about` is on the screen already: its words are left out.
    """
    output.print()
    output.print(Text(head, style="bold") + _cited(evidence.citation), soft_wrap=True)
    output.print(_indented(_highlighted(evidence)))
    for line in _below(evidence, about):
        output.print(_indented(line))
    output.print(_indented(Text(evidence.passage_id, style="dim")))


def _cited(citation: wire.Citation) -> Text:
    return words(citation.cite_as, "bold yellow" if citation.notice else "bold")


def _highlighted(evidence: wire.Evidence) -> Text:
    text = words(evidence.text)
    if evidence.explanation and (sentence := evidence.explanation.sentence):
        text.stylize("bold", sentence.start, sentence.end)
    for highlight in evidence.highlights:
        text.stylize("bold cyan", highlight.start, highlight.end)
    return text


def _why(evidence: wire.Evidence) -> Text:
    """Its place in each lane, the words it has, what its sentence in bold was chosen by, and what
    its score is the sum of."""
    lanes = ", ".join(
        f"{lane} rank {at.rank} ({at.score:.2f})" for lane, at in evidence.lanes.items()
    )
    told = evidence.explanation
    has = ", ".join(map(_matched, told.terms)) if told else ""
    best = f"best sentence by {told.sentence_by}" if told and told.sentence_by else ""
    parts = " ".join(f"{part:+.2f} {name}" for name, part in told.fusion.items()) if told else ""
    score = f"score {evidence.score or 0:.2f} = {parts}"
    return words("; ".join(filter(None, (lanes, has or "none of the words", best, score))), "dim")


def _matched(term: wire.MatchedTerm) -> str:
    said = f"{term.word} x{term.count}"
    return f"{said} (for “{term.stands_for}”)" if term.stands_for else said


def _below(evidence: wire.Evidence, about: str) -> Iterable[Text]:
    if evidence.citation.url:
        yield words(evidence.citation.url, "blue")
    for finding in evidence.findings:
        yield _finding(finding)
    for linked in _each_once(evidence.recommendations):
        said = "" if linked[0].id == about else f": {linked[0].text}"
        yield words(headed(linked[0]) + _basis(linked) + said, "green")
    if evidence.trust.standing:
        yield Text(f"Standing of these words: {evidence.trust.standing}.", style="yellow")
    if evidence.trust.hidden_text:
        yield Text("Holds text that a reader of the page would not see.", style="yellow")
    if evidence.trust.extraction == "ocr":
        yield Text("Read from a picture of the page: check the wording.", style="yellow")


def _finding(finding: wire.Tagged) -> Text:
    said = f"{finding.tag}: {finding.trigger} ({finding.voice}, {finding.stance})"
    return words(said.replace("\n", " "), "magenta")


def _each_once(linked: Iterable[wire.Linked]) -> list[list[wire.Linked]]:
    """The links of each recommendation together."""
    by_id: dict[str, list[wire.Linked]] = {}
    for link in linked:
        by_id.setdefault(link.id, []).append(link)
    return list(by_id.values())


def _basis(linked: Iterable[wire.Linked]) -> str:
    reasons = dict.fromkeys(f"{link.relation.replace('_', ' ')}, {link.basis}" for link in linked)
    return f" ({'; '.join(reasons)})"


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, 3))


def print_rows(rows: Iterable[Sequence[str]]) -> None:
    """One line a row, in columns; nothing is cut, so that ids can be copied."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        output.print(words("  ".join(cells).rstrip()), soft_wrap=True)


def print_documents(documents: Sequence[wire.Document], catalogues: Iterable[Catalogue]) -> None:
    """What is here, then what is only listed, then what each corpus says of itself."""
    chosen = tuple(catalogues)
    here = {document.id for document in documents}
    listed = [each for catalogue in chosen for each in catalogue.documents if each.id not in here]
    print_rows(
        [
            *(
                (d.id, d.edition, str(d.date or d.dated or "-"), f"{d.page_count} pages", d.title)
                for d in documents
            ),
            *((d.id, "listed", str(d.date or d.dated or "-"), "-", d.title) for d in listed),
        ]
    )
    for catalogue in chosen:
        _print_catalogue(catalogue)


def _print_catalogue(catalogue: Catalogue) -> None:
    for said in (catalogue.content_note, catalogue.corrections):
        if said:
            output.print()
            output.print(words(said))
    for other in catalogue.not_part:
        output.print()
        output.print(words(f"Not part of this corpus: {other.name}. {other.why}"))


def print_document(document: wire.DocumentDetail) -> None:
    """What is known of a document, and how its pages fared."""
    facts = document.model_dump(mode="json", exclude={"pages", "fidelity", "citation", "title"})
    output.print(words(document.title, "bold"))
    print_rows((name, str(fact)) for name, fact in facts.items() if fact is not None)
    statuses = Counter(page.status.value for page in document.pages)
    output.print(words(", ".join(f"{count} pages {status}" for status, count in statuses.items())))


def print_support(support: wire.Support) -> None:
    """A recommendation's words, what bears on it, how it was answered and what happened since."""
    recommended = support.recommendation
    output.print(words(headed(recommended), "bold green"))
    output.print(_indented(words(recommended.text)))
    for part in recommended.sub_parts:
        output.print(_indented(words(f"- {part}")))
    output.print(_indented(_cited(recommended.citation)))
    argued = [each for each in support.items if _argues(each, recommended.id)]
    stated = [each for each in support.items if each not in argued]
    _print_section("Stated", _evidence_lines(stated, recommended))
    _print_section("Evidence", _evidence_lines(argued, recommended))
    _print_section("Answered", (line for each in support.responses for line in _answer(each)))
    _print_section("Since then", (line for each in support.events for line in _event(each)))
    _print_section("Like it", (_descent(each, recommended.id) for each in support.lineage))


def headed(recommended: wire.Recommendation | wire.Linked) -> str:
    """What kind of statement it is, with its number where one was seen, else its id."""
    name = recommended.number or f"({recommended.id})"
    return f"{recommended.kind} {name}".capitalize()


def recommendation_row(recommended: wire.Recommendation) -> Sequence[str]:
    """What it is, how much evidence and what answer it has, and its first words."""
    passages = recommended.evidence.total
    evidence = f"{passages} passage{'' if passages == 1 else 's'}" if passages else "no evidence"
    answers = dict.fromkeys(each.status.replace("_", " ") for each in recommended.responses)
    return (
        recommended.id,
        recommended.kind,
        evidence,
        ", ".join(answers) or "no answer",
        brief(recommended.text),
    )


def cell_row(cell: wire.Cell) -> Sequence[str]:
    """Where and what was counted, and how it is put."""
    where = [cell.document_id] if cell.document_id not in (None, cell.value) else []
    stances = ", ".join(f"{count} {stance}" for stance, count in cell.stances.items())
    return (*filter(None, where), cell.value or "-", cell.tag, str(cell.count), stances)


def _print_section(title: str, lines: Iterable[Text]) -> None:
    output.print(Text(f"\n{title}", style="bold"))
    printed = False
    for line in lines:
        output.print(_indented(line))
        printed = True
    if not printed:
        output.print(_indented(Text("nothing found", style="dim")))


def _argues(evidence: wire.Evidence, about: str) -> bool:
    """Whether the passage does more than state the recommendation."""
    return any(
        each.id == about and each.relation is not Relation.STATES
        for each in evidence.recommendations
    )


def _evidence_lines(
    passages: Iterable[wire.Evidence], about: wire.Recommendation
) -> Iterable[Text]:
    """Each passage in the first words of what is meant: `show PASSAGE` prints it whole."""
    for evidence in passages:
        linked = [each for each in evidence.recommendations if each.id == about.id]
        meant = [evidence.text[each.start : each.end] for each in linked if each.start is not None]
        for each in meant or [_likest(evidence.text, about.text)]:
            yield words(brief(each))
        yield words(f"  {evidence.passage_id}{_basis(linked)}", "green")


def _likest(text: str, said: str) -> str:
    """The sentence of the text that has most of the words in common; the first of several."""
    wanted = stems(said)
    return max(
        (span.of(text) for span in sentences(text)),
        key=lambda sentence: len(stems(sentence) & wanted),
        default=text,
    )


def _answer(answered: wire.Answered) -> Iterable[Text]:
    status = answered.status.replace("_", " ")
    who = answered.responder or answered.document_id
    yield words(f"{who}: {status}", "bold")
    if answered.quotation:
        yield words(f"  “{' '.join(answered.quotation.split())}”", "cyan")
    for reply in answered.duties:
        yield words(f"  {reply.mention.replace('_', ' ')}: {brief(reply.duty)}", "dim")
    if answered.citation:
        yield words(f"  {answered.citation.cite_as}", "dim")


def _event(event: wire.Event) -> Iterable[Text]:
    yield words(f"{event.dated}: {event.status}")
    standing = f"; {event.standing}" if event.standing else ""
    yield words(f"  {event.who}, from {event.source}{standing}", "dim")


def _descent(line: wire.Lineage, about: str) -> Text:
    """The other of the two, and how they stand to each other."""
    relation = line.relation.replace("_", " ")
    if line.recommendation_id == about:
        said = f"{relation} {line.earlier_id}: {brief(line.earlier_text)}"
    else:
        said = f"{line.recommendation_id} {relation} it: {brief(line.recommendation_text)}"
    return words(f"{said} ({line.basis})")


_VERDICTS = {
    "exact": "bold green",
    "typographic": "bold green",
    "altered": "bold red",
    "stitched": "bold red",
    "elsewhere": "bold yellow",
    "not_found": "bold red",
}


def print_verification(checked: wire.Verification) -> None:
    """Each quotation with its verdict, what was changed, and where it stands."""
    for number, verified in enumerate(checked.quotations, start=1):
        output.print()
        head = Text(f"{number}. {verified.summary}", style=_VERDICTS[verified.verdict])
        output.print(head, soft_wrap=True)
        output.print(_indented(words(f"“{verified.text}”")))
        for warning in verified.warnings:
            output.print(_indented(words(f"! {warning}", "yellow")))
        for place in verified.places:
            _print_place(verified, place)
        for fragment in verified.fragments:
            output.print(_indented(words(f"“{fragment.quoted}”", "cyan")))
            for place in fragment.places:
                _print_place(verified, place)
        if verified.near:
            output.print(_indented(Text("Near in meaning, not the same words:", style="bold")))
        for evidence in verified.near:
            output.print(_indented(words(brief(evidence.text), "dim")))
            output.print(_indented(words(evidence.citation.cite_as, "dim")))
    counts = ", ".join(
        f"{count} {verdict.replace('_', ' ')}" for verdict, count in checked.counts.items()
    )
    output.print()
    output.print(Text(counts or "No quotation was found in the text.", style="bold"))


def _print_place(verified: wire.Verified, place: wire.QuotedPlace) -> None:
    if place.changes:
        output.print(_indented(_compared(verified.text, place)))
    for omitted in filter(None, place.omitted):
        output.print(_indented(words(f"left out: {brief(omitted)}", "cyan")))
    for change in place.changes:
        if change.kind not in ("words", "case", "punctuation"):
            said = f"{change.kind}: {change.quoted or 'nothing'} for {change.source or 'nothing'}"
            output.print(_indented(words(said, "red")))
    for layout in place.layout:
        output.print(_indented(words(layout, "dim")))
    output.print(_indented(words(place.citation.cite_as, "bold")))
    if place.citation.url:
        output.print(_indented(words(place.citation.url, "blue")))
    whose = f"{place.voice}, {place.stance}"
    if place.speakers:
        whose += f"; named there: {', '.join(place.speakers)}"
    output.print(_indented(words(f"{whose}; {place.passage_id or place.document_id}", "magenta")))


def _compared(quoted: str, place: wire.QuotedPlace) -> Text:
    """The document's words, what the quotation has otherwise struck in beside them."""
    shown, at = Text(), 0
    for change in place.changes:
        start, end = max(at, change.source_start), max(at, change.source_end)
        shown += words(place.text[at:start])
        if change.quoted:
            shown += words(f"[-{change.quoted}-]", "strike red")
        if end > start:
            shown += words(f"{{+{place.text[start:end]}+}}", "green")
        at = end
    return shown + words(place.text[at:])


_PASSED = {True: ("yes", "green"), False: ("NO", "bold red"), None: ("?", "yellow")}


def print_checked(checked: wire.CheckedCitation) -> None:
    """Whether the citation is sound, and each thing that was looked at."""
    for each in checked.checks:
        mark, style = _PASSED[each.passed]
        output.print(Text(f"{mark:<5}", style), words(f"{each.what}: {each.detail}"), sep="")
    said = "The citation is sound." if checked.sound else "The citation does not hold."
    output.print(Text(said, style="bold"))


def tracked(records: Sequence[_T], doing: str) -> Iterable[_T]:
    """The records, with their progress shown on stderr where that is a terminal."""
    if not notes.is_terminal:
        return records
    return track(records, description=doing, console=notes, transient=True)


def brief(text: str) -> str:
    """The first words, on one line."""
    return shorten(text, width=100, placeholder=" …")


def print_json(record: BaseModel) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(record.model_dump_json(indent=1) + "\n")


def print_lines(records: Iterable[BaseModel]) -> None:
    """JSON Lines on stdout."""
    for record in records:
        sys.stdout.write(record.model_dump_json() + "\n")


def print_text(lines: Iterable[str]) -> None:
    """Lines as they are, on stdout."""
    sys.stdout.writelines(lines)


def print_csv(records: Iterable[BaseModel], kind: type[BaseModel]) -> None:
    """A table with its head on stdout."""
    for line in table.lines(records, kind):
        sys.stdout.write(line)
