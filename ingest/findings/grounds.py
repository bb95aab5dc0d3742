"""What weighed for a tag when a text was judged, worked out again from its words.

Nothing of this is stored. A judgement is a sum, so each ground has its part in it: every term,
every rule that fired, every labelled example by how near it lies. A part is in log-odds, once of
the text being evidence of any failing, once of the tag over the mean of all tags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.findings.examples import Example, Sort
from ingest.findings.learned import (
    Judgement,
    Learned,
    Scores,
    Unit,
    heard,
    least_claim,
    least_evidence,
)
from ingest.findings.wording import occurrences, weighted
from ingest.model import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What something adds to a sum of log-odds; below nought it speaks against."""

    evidence: float
    """Of being evidence of any failing."""
    tag: float
    """Of the tag, over the mean of all tags."""

    @property
    def weight(self) -> float:
        return self.evidence + self.tag


@dataclass(frozen=True, slots=True, kw_only=True)
class TermGround:
    """A word, or two neighbours, where they first stand in the text."""

    span: Span
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeGround:
    """The labelled examples of one theme, all together, and the one that is nearest."""

    theme: str
    """A tag; or what kind of text it is that carries none."""
    examples: int
    nearest: Example
    likeness: float
    """Cosine of the text and the nearest: 1 for the same meaning."""
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A probability, and what it had to reach."""

    value: float
    least: float

    @property
    def passed(self) -> bool:
        return self.value >= self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a text was given a tag, or was not."""

    evidence: Bar
    share: Bar
    """Of the tag among all tags."""
    own: Bar
    """Of the tag by itself; enough where the share is not, for several tags have low shares."""
    given: bool
    company: float
    """Log-odds that the passage around the text adds to the tag, in a document."""
    together: bool
    """Whether evidence and share count together, as in documents where no rule decides: each bar is
    what the other leaves to be reached."""
    terms: tuple[TermGround, ...]
    """The heaviest first, whichever way they speak."""
    rules: Part
    """All rules that fired, together."""
    themes: tuple[ThemeGround, ...]
    """The nearest first; none where no vectors were asked for."""
    base: Part
    """What a text begins with that is as near to all examples as these are to each other; less
    where it is a sentence of a longer text, outside documents."""


def grounds(learned: Learned, unit: Unit, tag: str, judgement: Judgement) -> Grounds:
    """What the judgement of the unit rests on, as far as the tag goes."""
    sums = learned.sums
    likely, share, own = _bars(learned, unit, tag, judgement)
    by_rule = tag in unit.rules and not (likely.passed and (share.passed or own.passed))
    if by_rule:
        _, least, of_tag, *_ = sums.bounds.tolist()
        likely, share = replace(likely, least=least), replace(share, least=of_tag)
    fired = np.array([unit.rules.get(each, 0.0) for each in learned.tags], dtype=np.float32)
    nearness, usual = _nearness(learned, unit)
    neighbours = learned.weights.neighbours
    base = _part(learned, tag, sums.constant + _summed(usual, neighbours.weights))
    return Grounds(
        evidence=likely,
        share=share,
        own=own,
        given=tag in judgement.given,
        company=_company(unit, tag, judgement),
        together=unit.sober and not by_rule,
        terms=tuple(sorted(_terms(learned, unit, tag), key=_heaviest)),
        rules=_part(learned, tag, _summed(fired, sums.by_rule)),
        themes=tuple(sorted(_themes(learned, tag, nearness, usual), key=lambda e: -e.likeness)),
        base=replace(base, evidence=base.evidence - unit.doubt),
    )


def _heaviest(ground: TermGround) -> tuple[float, int]:
    return -abs(ground.part.weight), ground.span.start


def _bars(learned: Learned, unit: Unit, tag: str, judgement: Judgement) -> tuple[Bar, Bar, Bar]:
    """Of evidence, share and own, as a text without rules has to pass them."""
    least, of_tag, by_itself = _least(learned, unit, tag, judgement)
    return (
        Bar(value=judgement.evidence, least=least),
        Bar(value=judgement.shares.get(tag, 0.0), least=of_tag),
        Bar(value=judgement.own.get(tag, 0.0), least=by_itself),
    )


def _least(
    learned: Learned, unit: Unit, tag: str, judgement: Judgement
) -> tuple[float, float, float]:
    """What evidence, share and own have to reach; in a document, each beside the others."""
    if not unit.sober:
        bounds: list[float] = learned.sums.bounds.tolist()
        return bounds[0], bounds[4 + learned.tags.index(tag)], bounds[3]
    company = _company(unit, tag, judgement)
    claim = least_claim(judgement.evidence, company, learned.sums)
    return least_evidence(judgement.claim(tag), company, learned.sums), claim, claim


def _company(unit: Unit, tag: str, judgement: Judgement) -> float:
    return heard(unit.company.get(tag, 0.0), judgement.claim(tag))


def _terms(learned: Learned, unit: Unit, tag: str) -> Iterator[TermGround]:
    found, amounts = weighted(unit.text, learned.places, learned.weights.rarities)
    amount = dict(zip(found.tolist(), amounts.tolist(), strict=True))
    for term, span in occurrences(unit.text).items():
        place = learned.places.get(term)
        if place is not None:
            row = np.asarray(amount[place] * learned.sums.by_term[place], dtype=np.float32)
            yield TermGround(span=span, part=_part(learned, tag, row))


def _nearness(learned: Learned, unit: Unit) -> tuple[Scores, Scores]:
    """Of the text to each example, and of examples to it by and large; nought without vectors."""
    neighbours = learned.weights.neighbours
    if learned.encoder is None:
        none = np.zeros(len(neighbours.vectors), dtype=np.float32)
        return none, none
    return neighbours.nearness(learned.encoder.passages([unit.text]))[0], learned.usual


def _themes(learned: Learned, tag: str, nearness: Scores, usual: Scores) -> Iterator[ThemeGround]:
    if learned.encoder is None:
        return
    neighbours = learned.weights.neighbours
    themes = np.array([_theme(example, tag) for example in learned.examples])
    for theme in sorted(set(themes.tolist())):
        of = np.flatnonzero(themes == theme)
        nearest = int(of[nearness[of].argmax()])
        yield ThemeGround(
            theme=theme,
            examples=len(of),
            nearest=learned.examples[nearest],
            likeness=neighbours.cosine(float(nearness[nearest])),
            part=_part(learned, tag, _summed((nearness - usual)[of], neighbours.weights[of])),
        )


def _theme(example: Example, tag: str) -> str:
    """What an example stands for where a text may have the tag."""
    if tag in example.tags:
        return tag
    return min(example.tags, default=_WITHOUT.get(example.kind, Sort.NEUTRAL.value))


_WITHOUT = {each: each.value for each in (Sort.LEXICAL_TRAP, Sort.OUT_OF_DOMAIN, Sort.NEUTRAL)}


def _summed(amounts: Scores, weights: Scores) -> Scores:
    return np.asarray(amounts @ weights, dtype=np.float32)


def _part(learned: Learned, tag: str, row: Scores) -> Part:
    """Of a row of scores: evidence first, then every tag."""
    by_tag: NDArray[np.float32] = row[1 : 1 + len(learned.tags)]
    own = by_tag[learned.tags.index(tag)] - by_tag.mean()
    return Part(evidence=float(row[0]), tag=float(own))


def heaviest(terms: Sequence[TermGround], most: int) -> Sequence[TermGround]:
    """Those that weigh most; of words that stand in one another, the heavier alone."""
    kept: list[TermGround] = []
    for each in terms:
        if len(kept) < most and not any(other.span.overlap(each.span) for other in kept):
            kept.append(each)
    return kept
