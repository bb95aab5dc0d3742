"""Why a finding was given: by which rule or by what was learned, whose words, how put."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.findings.frame import Cue
from ingest.findings.grounds import Grounds, grounds
from ingest.findings.learned import Judgement
from ingest.findings.matching import Judged, Match
from ingest.findings.speech import trigger_put
from ingest.findings.tagger import MODEL, Examined, borne_out, read_as_denial
from ingest.model import Finding, Span


class Ground(StrEnum):
    """What a finding was given by."""

    LEARNED = "learned"
    """What was learned from labelled sentences, where no rule of the tag fired."""
    AGREED = "learned_and_rule"
    """A rule, and what was learned gives the tag too."""
    STANDING = "rule_kept"
    """A rule alone, which stands for want of a likelier tag."""
    RULE = "rule"
    """A rule; nothing judged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why a finding was given; spans count in the passage's text, cues in the sentence's."""

    by: Ground
    unit: Span
    """The sentences that were judged together."""
    fired: tuple[Match, ...]
    """All rules that fired in them, this tag's or not."""
    grounds: Grounds | None
    """None where nothing was learned, or nothing was judged."""
    shares: tuple[tuple[str, float], ...]
    """Of the likeliest tags, the likeliest first."""
    voice: Cue
    stance: Cue
    given: bool
    """Whether the words earn the same finding now; not where it was made otherwise or by hand."""


_LIKELIEST = 3


def reasons(examined: Examined, finding: Finding) -> Reasons:
    """Of a finding of the passage; its spans count in the passage's text."""
    number = _sentence(examined, finding)
    judged = _judged(examined, number, finding.tag)
    numbers = judged.numbers if judged else range(number, number + 1)
    sentence = examined.tagged.sentences[number]
    return Reasons(
        by=_ground(finding, judged),
        unit=_extent(examined, numbers),
        fired=tuple(match for place in numbers for match in examined.fired[place]),
        grounds=_grounds(examined, judged, finding),
        shares=_likeliest(judged.judgement) if judged else (),
        voice=sentence.heard,
        stance=_stance(examined, finding, number, judged),
        given=any(_same(found, finding) for found in examined.tagged.findings),
    )


def _likeliest(judgement: Judgement) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(judgement.shares.items(), key=lambda each: -each[1])[:_LIKELIEST])


def _same(found: Finding, finding: Finding) -> bool:
    return (found.tag, found.span) == (finding.tag, finding.span)


def _sentence(examined: Examined, finding: Finding) -> int:
    """The number of the sentence in which its words begin."""
    begun = [s.span.start <= finding.span.start for s in examined.tagged.sentences]
    return max(begun.count(True) - 1, 0)


def _judged(examined: Examined, number: int, tag: str) -> Judged | None:
    """What gave the sentence the tag: it by itself, or else the run that it stands in."""
    for run in examined.read.judged:
        if number in run.numbers:
            alone = (borne_out(each, run) for each in run.alone if number in each.numbers)
            return next((each for each in alone if tag in each.judgement.given), run)
    return None


def _extent(examined: Examined, numbers: range) -> Span:
    spans: Sequence[Span] = examined.read.sentences
    return Span(spans[numbers[0]].start, spans[numbers[-1]].end)


def _ground(finding: Finding, judged: Judged | None) -> Ground:
    if finding.rule.startswith(f"{MODEL}:"):
        return Ground.LEARNED
    if judged is None:
        return Ground.RULE
    return Ground.AGREED if finding.tag in judged.judgement.given else Ground.STANDING


def _grounds(examined: Examined, judged: Judged | None, finding: Finding) -> Grounds | None:
    learned = examined.learned
    if learned is None or judged is None or finding.tag not in learned.tags:
        return None
    return grounds(learned, judged.unit, finding.tag, judged.judgement)


def _stance(examined: Examined, finding: Finding, number: int, judged: Judged | None) -> Cue:
    given = judged is not None and finding.tag in judged.judgement.given
    return trigger_put(
        examined.text,
        finding.span,
        examined.tagged.sentences[number:],
        examined.kind,
        denied=read_as_denial(judged.judgement) if judged and given else 0.0,
    )[1]
