"""Quotations checked: what `casebook verify` and `/v1/verify` answer."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from api import view, wire
from api.commands import lines_of
from api.parameters import VerifyParameters
from index.alignment import Change
from index.casebook import Casebook
from index.claims import Claim
from index.quotations import Prose, Quotation, plain_prose, quotations, read_prose
from index.verification import LONGEST_TEXT, Fragment, Place, Verified
from index.words import WORD
from ingest.errors import BadQuery
from ingest.model import ChangeKind, Span, Verdict
from ingest.reading import sandbox
from ingest.reading.fileformat import Format

MOST_SEARCHES = 20
"""Quotations for which near passages are looked up, in one text."""
_LIMITS = sandbox.Limits(seconds=15, seconds_per_megabyte=5)
_SUFFIXES = {Format.HTML: ".html", Format.MARKDOWN: ".md"}
_GRAVE = (ChangeKind.NEGATION, ChangeKind.NUMBER, ChangeKind.MODAL, ChangeKind.NAME)


def verification(
    casebook: Casebook, prose: Prose | Quotation, claim: Claim | None = None
) -> wire.Verification:
    """Every quotation of the prose, or one by itself, checked; raises BadQuery."""
    verifier = casebook.verifier
    if isinstance(prose, Quotation):
        found: tuple[Verified, ...] = (verifier.check(prose, claim),)
    else:
        found = verifier.verify(prose, claim)
    shown = [_verified(each) for each in found]
    shown = list(_with_near(casebook, shown))
    return wire.Verification(
        generation=casebook.generation,
        counts=dict(Counter(each.verdict for each in shown)),
        quotations=shown,
    )


def given(file: Path | None, quotation: str | None) -> Prose | Quotation:
    """What a command was given: a file, stdin for None or `-`, or one quotation.

    A text without a quotation mark, of one paragraph, is itself the quotation.
    """
    if quotation is not None:
        if file is not None:
            raise BadQuery(
                "Both a file and a quotation were given.", remedy="Leave one of them out."
            )
        return whole(quotation)
    if file is None or str(file) == "-":
        return _prose_or_quotation(plain_prose("".join(lines_of(file))))
    return _prose_or_quotation(file_prose(file))


def posted(parameters: VerifyParameters) -> Prose | Quotation:
    """What a request was given; raises BadQuery unless it is one of text and quotation."""
    if (parameters.text is None) == (parameters.quotation is None):
        raise BadQuery(
            "Exactly one of text and quotation is needed.",
            remedy="Send the prose as text, or one quotation by itself as quotation.",
        )
    if parameters.quotation is not None:
        return whole(parameters.quotation)
    text = prose_of(parameters.text or "", Format(parameters.format.value))
    return _prose_or_quotation(text)


def _prose_or_quotation(prose: Prose) -> Prose | Quotation:
    _refuse_long(prose.text)
    if len(prose.paragraphs) == 1 and not quotations(prose):
        return whole(prose.text)
    return prose


def file_prose(path: Path) -> Prose:
    """The file's prose, read in a process of its own; raises a SourceError."""
    if path.suffix.lower() == ".txt":
        return plain_prose("".join(lines_of(path)))
    return read_prose(sandbox.read(path, _LIMITS))


def prose_of(text: str, format: Format = Format.TEXT) -> Prose:
    """The text as prose; raises BadQuery where it is too long, or a SourceError."""
    _refuse_long(text)
    if format is Format.TEXT:
        return plain_prose(text)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"text{_SUFFIXES[format]}"
        path.write_text(text, encoding="utf-8")
        return read_prose(sandbox.read(path, _LIMITS))


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise BadQuery(
            f"A text of {len(text)} characters is too long to check.",
            remedy=f"Send at most {LONGEST_TEXT} characters at a time.",
        )


def whole(text: str) -> Quotation:
    """The text as one quotation; raises BadQuery where it has no word."""
    if not WORD.search(text):
        raise BadQuery("The quotation has no words.", remedy="Send the words to check.")
    return Quotation(text=text.strip(), span=Span(0, len(text)))


def claim_of(casebook: Casebook, *, document: str | None, speaker: str | None) -> Claim | None:
    """What is claimed of every quotation; raises BadQuery for a document that is not here."""
    if document is None and speaker is None:
        return None
    documents = casebook.verifier.claims.document(document) if document else ()
    if document and not documents:
        raise BadQuery(
            f"No document here is called {document!r}.",
            remedy="Give its id; `casebook documents` lists them.",
        )
    return Claim(documents=documents, speaker=speaker)


def _verified(verified: Verified) -> wire.Verified:
    quotation, claim = verified.quotation, verified.claim
    return wire.Verified(
        text=quotation.text,
        start=quotation.span.start,
        end=quotation.span.end,
        verdict=verified.verdict,
        accepted=verified.is_accepted,
        summary=_summary(verified),
        claim=wire.Claim(
            documents=list(claim.documents),
            speaker=claim.speaker,
            voice=claim.voice,
            unknown=claim.unknown,
        ),
        warnings=list(verified.warnings),
        total=verified.total,
        places=[_place(place) for place in verified.places],
        fragments=[_fragment(fragment) for fragment in verified.fragments],
        digests=[_place(place) for place in verified.digests],
        near=[],
    )


def _place(place: Place) -> wire.QuotedPlace:
    match, spoken = place.match, place.spoken
    kind, id = ("passages", place.passage) if place.passage else ("documents", place.document)
    return wire.QuotedPlace(
        document_id=place.document,
        passage_id=place.passage,
        text=place.text,
        verdict=match.verdict,
        changes=[_change(change, match.span) for change in match.changes],
        layout=list(match.layout),
        omitted=list(place.omitted),
        voice=spoken.voice,
        stance=spoken.stance,
        speakers=list(spoken.named),
        citation=view.citation(place.citation, view.permalink(kind, id)),
    )


def _change(change: Change, within: Span) -> wire.Change:
    return wire.Change(
        kind=change.kind,
        quoted=change.quoted,
        source=change.source,
        quoted_start=change.quoted_start,
        quoted_end=change.quoted_end,
        source_start=change.source_start - within.start,
        source_end=change.source_end - within.start,
    )


def _fragment(fragment: Fragment) -> wire.Fragment:
    places = [_place(place) for place in fragment.places]
    return wire.Fragment(quoted=fragment.quoted, places=places)


def _with_near(casebook: Casebook, shown: Iterable[wire.Verified]) -> Iterable[wire.Verified]:
    searches = 0
    for each in shown:
        if each.verdict is Verdict.NOT_FOUND and searches < MOST_SEARCHES:
            searches += 1
            near = [view.evidence(hit) for hit in casebook.near(each.text)]
            yield each.model_copy(update={"near": near})
        else:
            yield each


def _summary(verified: Verified) -> str:
    """The verdict in a sentence."""
    verdict, places = verified.verdict, verified.places
    if verdict is Verdict.EXACT:
        return "Exact: the document's own words."
    if verdict is Verdict.TYPOGRAPHIC:
        return "Typographic only: the document's words, set otherwise."
    if verdict is Verdict.ALTERED:
        return _altered(places[0].match.changes)
    if verdict is Verdict.STITCHED:
        return f"Stitched: joined from {len(verified.fragments)} places without saying so."
    if verdict is Verdict.ELSEWHERE:
        return f"Elsewhere: real words, but {_where_claimed(verified)}."
    if verified.digests:
        return "Not found in any published document here: only a digest has these words."
    return "Not found in any published document here."


def _altered(changes: Iterable[Change]) -> str:
    kinds = [change.kind for change in changes]
    count = "1 change" if len(kinds) == 1 else f"{len(kinds)} changes"
    grave = [kind.value for kind in _GRAVE if kind in kinds]
    if not grave:
        return f"Altered: {count}."
    return f"Altered: {count}, with a {' and a '.join(grave)} among what changed."


def _where_claimed(verified: Verified) -> str:
    claim, place = verified.claim, verified.places[0]
    if claim.documents and place.document not in claim.documents:
        return f"of {place.document}, not of {' or '.join(claim.documents)}"
    named = ", ".join(place.spoken.named)
    whose = f"{named} is named there" if named else f"there they are the {place.spoken.voice}'s"
    return f"not {claim.speaker}'s: {whose}"
