"""Quotations checked against the canonical text of every document.

A verdict rests on signs compared one by one, never on a likeness. A digest is nobody's source:
words that stand only there are not found, and the verdict says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.alignment import has_negation
from index.claims import Claim, Claims, surname
from index.evidence import DIGEST, cite_span
from index.matching import INSERTION, Layout, Located, Match, Matcher
from index.quotations import Prose, Quotation, quotations
from index.shelf import Shelf, Volume
from index.speakers import Spoken, spoken_at
from index.words import WORD
from ingest.errors import BadQuery
from ingest.model import Citation, Edition, Span, Stance, Verdict, Voice

MOST_QUOTATIONS = 500
"""In one text."""
LONGEST_TEXT = 2_000_000
"""Characters."""
LONGEST_QUOTATION = 50_000
"""Characters; some fifteen pages."""
SHORT = 4
"""Words below which a quotation may stand anywhere by chance."""
FEW = 12
"""Words left out among which a negation is of the same thought as those that stayed."""
MOST_SHOWN = 20
"""Places shown for one quotation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the words stand, or what they were made from."""

    match: Match
    document: str
    text: str
    """The document's own words there."""
    citation: Citation
    passage: str | None
    spoken: Spoken
    omitted: tuple[str, ...]
    """What the quotation's ellipses and insertions stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of a stitched quotation and where it stands."""

    quoted: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A quotation and what became of it."""

    quotation: Quotation
    claim: Claim
    verdict: Verdict
    places: tuple[Place, ...]
    """Those that fit the claim first."""
    total: int
    """Places altogether."""
    fragments: tuple[Fragment, ...]
    warnings: tuple[str, ...]
    digests: tuple[Place, ...]
    """Where our own digests have the words."""

    @property
    def is_accepted(self) -> bool:
        return self.verdict in (Verdict.EXACT, Verdict.TYPOGRAPHIC)


class Verifier:
    """Checks quotations against the documents of a shelf; safe to share between threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def verify(self, prose: Prose, claim: Claim | None = None) -> tuple[Verified, ...]:
        """Every quotation of the prose, in order; `claim` holds where the prose names no source.

        Raises BadQuery for more than can be checked.
        """
        found = quotations(prose)
        if len(found) > MOST_QUOTATIONS:
            raise BadQuery(
                f"{len(found)} quotations are more than the {MOST_QUOTATIONS} checked at once.",
                remedy="Send the text in parts.",
            )
        return tuple(
            verified for quotation in found for verified in self._with_inner(quotation, claim)
        )

    def check(self, quotation: Quotation, claim: Claim | None = None) -> Verified:
        """One quotation; raises BadQuery where it is too long."""
        if len(quotation.text) > LONGEST_QUOTATION:
            raise BadQuery(
                f"A quotation of {len(quotation.text)} characters is too long to check.",
                remedy=f"Send at most {LONGEST_QUOTATION} characters of it at a time.",
            )
        claimed = self._claim(quotation, claim)
        located = self._published.locate(quotation.text, claimed)
        digests = () if located.is_accepted else self._digested(quotation)
        if not self._published.is_nearer(located, digests):
            located = Located()
        places = self._published.places(located)
        fitting = [place for place in places if _fits(place, claimed)]
        verdict = _verdict(located, fitting)
        ordered = sorted(places, key=lambda place: not _fits(place, claimed))
        return Verified(
            quotation=quotation,
            claim=claimed,
            verdict=verdict,
            places=tuple(ordered[:MOST_SHOWN]),
            total=located.total,
            fragments=self._published.fragments(located),
            warnings=tuple(self._warnings(quotation, claimed, verdict, ordered, digests)),
            digests=digests,
        )

    def _with_inner(self, quotation: Quotation, claim: Claim | None) -> list[Verified]:
        """The quotation; where it is not the corpus's, also those inside it."""
        outer = self.check(quotation, claim)
        if outer.is_accepted or outer.verdict is Verdict.ELSEWHERE:
            return [outer]
        inner = [each for q in quotation.inner for each in self._with_inner(q, claim)]
        # Somebody's words around a quotation may look like an altered version of it.
        around = any(2 * len(each.quotation.text) > len(quotation.text) for each in inner)
        return [outer, *inner] if outer.verdict is Verdict.NOT_FOUND or around else [outer]

    def _claim(self, quotation: Quotation, given: Claim | None) -> Claim:
        read = self.claims.of(quotation)
        if given is None:
            return read
        return Claim(
            documents=given.documents or read.documents,
            speaker=given.speaker or read.speaker,
            voice=given.voice or read.voice,
            unknown=None if given.documents else read.unknown,
        )

    def _digested(self, quotation: Quotation) -> tuple[Place, ...]:
        located = self._digests.matcher.locate(quotation.text)
        if not located.is_accepted:
            return ()
        return self._digests.places(located)[:MOST_SHOWN]

    def _warnings(
        self,
        quotation: Quotation,
        claim: Claim,
        verdict: Verdict,
        places: Sequence[Place],
        digests: Sequence[Place],
    ) -> list[str]:
        said: list[str] = []
        if places and verdict is not Verdict.NOT_FOUND:
            said += _spoken_otherwise(places[0], claim)
        if len(WORD.findall(quotation.text)) < SHORT:
            said.append("Too short to tell: so few words may stand anywhere.")
        for place in places[:1]:
            if verdict in (Verdict.EXACT, Verdict.TYPOGRAPHIC):
                said += _turned(quotation.text, place)
        for place in digests[:1]:
            said.append(_only_digest(place.citation))
        for document in claim.documents:
            volume = self._shelf.volumes[document]
            if volume.document.edition is Edition.DIGEST and not digests:
                said.append(_not_here(volume))
        if claim.unknown and not claim.documents:
            said.append(f"No document here is called {claim.unknown}.")
        return said

    @cached_property
    def claims(self) -> Claims:
        """What the documents are called."""
        return Claims([volume.document for volume in self._shelf.volumes.values()])

    @cached_property
    def _published(self) -> "_Edition":
        return _Edition(self._shelf, Edition.OFFICIAL)

    @cached_property
    def _digests(self) -> "_Edition":
        return _Edition(self._shelf, Edition.DIGEST)


class _Edition:
    """The documents of one edition, in the order of their ids."""

    def __init__(self, shelf: Shelf, edition: Edition) -> None:
        self._volumes = [v for v in shelf.volumes.values() if v.document.edition is edition]
        self.matcher = Matcher([v.text for v in self._volumes], layout=self._layout)

    def locate(self, words: str, claim: Claim) -> Located:
        """Where the words stand; if not where they are claimed to, also as a page sets them."""
        located = self.matcher.locate(words)
        if not located.is_accepted or any(self._fits(m, claim) for m in located.matches):
            return located
        others = [m for m in self.matcher.set_otherwise(words) if self._fits(m, claim)]
        return replace(
            located,
            matches=(*located.matches, *others),
            total=located.total + len(others),
        )

    def is_nearer(self, located: Located, digests: Sequence[Place]) -> bool:
        """Whether what was found, though altered, tells more than a digest that has the words.

        It does where the digest is of that very document.
        """
        of = {place.citation.document.digest_of for place in digests}
        found = {self._volumes[match.text].document.id for match in located.matches}
        return not digests or bool(of & found)

    def _fits(self, match: Match, claim: Claim) -> bool:
        return not claim.documents or self._volumes[match.text].document.id in claim.documents

    def places(self, located: Located) -> tuple[Place, ...]:
        return tuple(self._place(match) for match in located.matches)

    def fragments(self, located: Located) -> tuple[Fragment, ...]:
        return tuple(
            Fragment(
                quoted=piece.quoted,
                places=tuple(self._place(match) for match in piece.matches[:MOST_SHOWN]),
            )
            for piece in located.pieces
        )

    def _place(self, match: Match) -> Place:
        volume = self._volumes[match.text]
        span = match.span
        return Place(
            match=match,
            document=volume.document.id,
            text=span.of(volume.text),
            citation=cite_span(volume, span),
            passage=_passage(volume, span),
            spoken=spoken_at(volume, span),
            omitted=tuple(
                volume.text[before.end : after.start].strip()
                for before, after in zip(match.parts, match.parts[1:], strict=False)
            ),
        )

    def _layout(self, text: int) -> Layout:
        reading = self._volumes[text].stored.reading
        labels: set[tuple[int, int]] = set()
        for paragraph in reading.paragraphs:
            words = paragraph.span.of(reading.text)
            for label in (paragraph.number, paragraph.marker):
                at = words.find(label) if label else -1
                if label and 0 <= at <= len(label) + 4:
                    start = paragraph.span.start
                    labels.add((start, start + at + len(label)))
        return Layout(
            labels=tuple(sorted(labels)),
            notes=tuple(
                sorted((n.anchor, n.marker) for n in reading.notes if n.anchor is not None)
            ),
            line_ends=tuple(sorted(line.span.end for line in reading.lines)),
        )


def _verdict(located: Located, fitting: Sequence[Place]) -> Verdict:
    if located.pieces:
        return Verdict.STITCHED
    if not located.matches:
        return Verdict.NOT_FOUND
    if not located.is_accepted:
        return Verdict.ALTERED
    if not fitting:
        return Verdict.ELSEWHERE
    verdicts = {place.match.verdict for place in fitting}
    return Verdict.EXACT if Verdict.EXACT in verdicts else Verdict.TYPOGRAPHIC


def _fits(place: Place, claim: Claim) -> bool:
    """Whether the words stand where they are claimed to, and may be whose they are said to be."""
    if claim.documents and place.document not in claim.documents:
        return False
    if claim.speaker is None:
        return True
    return surname(claim.speaker) in {surname(name) for name in place.spoken.named}


def _passage(volume: Volume, span: Span) -> str | None:
    """The passage that holds most of the span."""
    best = max(volume.passages.values(), key=lambda p: p.span.overlap(span), default=None)
    return best.id if best and best.span.overlap(span) else None


def _only_digest(citation: Citation) -> str:
    document = citation.document
    check = f"; check {document.url}" if document.url else ""
    return (
        f"These words are in {document.id}, a {DIGEST}: the published document is not in this"
        f" corpus{check}."
    )


def _not_here(volume: Volume) -> str:
    document = volume.document
    check = f"; check {document.url}" if document.url else ""
    return (
        f"Of {document.title} only a digest is in this corpus, so its published words cannot be"
        f" checked here{check}."
    )


def _turned(quotation: str, place: Place) -> list[str]:
    """What an ellipsis leaves out, or an insertion puts in, that may turn the sense round."""
    said = [
        f"What is left out has a negation (“{_brief(omitted)}”): read the place itself."
        for omitted in place.omitted
        if len(WORD.findall(omitted)) <= FEW and has_negation(omitted)
    ]
    inserted = [found.group() for found in INSERTION.finditer(quotation)]
    own = place.text
    said += [
        f"The insertion {words} has a negation that the source has not there."
        for words in inserted
        if words not in own and has_negation(words)
    ]
    return said


def _brief(words: str) -> str:
    return " ".join(words.split())


def _spoken_otherwise(place: Place, claim: Claim) -> list[str]:
    spoken = place.spoken
    said: list[str] = []
    if claim.voice is Voice.INQUIRY and spoken.voice is not Voice.INQUIRY:
        said.append(
            f"Given as the inquiry's own words; there they are the {spoken.voice}'s"
            f" ({spoken.stance})."
        )
    elif claim.voice is Voice.INQUIRY and spoken.stance in (
        Stance.ALLEGED,
        Stance.DENIED,
        Stance.REPORTED,
    ):
        said.append(f"Given as a finding; there it is {spoken.stance}.")
    return said
