"""Why a finding was given, as the wire shows it and in sentences."""

from collections.abc import Iterator, Sequence

from api import view, wire
from index.casebook import Casebook
from index.reasoning import Reasoned
from ingest.findings.examples import Sort
from ingest.findings.frame import Cue
from ingest.findings.grounds import Part, TermGround, ThemeGround, heaviest
from ingest.findings.matching import Match
from ingest.findings.reasons import Ground
from ingest.findings.taxonomy import bundled_taxonomy
from ingest.model import Span

_MOST_TERMS = 8
_WITHOUT_A_TAG = {
    Sort.LEXICAL_TRAP.value: "the same words in another sense",
    Sort.OUT_OF_DOMAIN.value: "another inquiry's subject",
    Sort.NEUTRAL.value: "ordinary prose",
}
_BY = {
    Ground.LEARNED: "No rule of the tag fired: what was learned from labelled sentences gives it.",
    Ground.AGREED: "A rule of the tag fired, and what was learned from labelled sentences agrees.",
    Ground.STANDING: "A rule of the tag fired. What was learned does not give the tag by itself, "
    "and the rule is kept because no other tag is likelier.",
    Ground.RULE: "A rule of the tag fired; nothing else was asked.",
}


def explanation(casebook: Casebook, finding_id: str) -> wire.FindingExplanation:
    """Why the finding was given; raises UnknownId."""
    found = casebook.reasons(finding_id)
    finding, why = view.finding(casebook.shelf, found.finding), found.reasons
    grounds, text = why.grounds, why.unit.of(found.text)
    tags = {tag.id: tag for tag in bundled_taxonomy().tags}
    tag = tags.get(finding.tag)
    label = tag.label if tag else finding.tag
    explained = wire.FindingExplanation(
        finding=finding,
        label=label,
        definition=tag.definition if tag else "",
        summary=[],
        by=why.by,
        text=text,
        evidence=_bar(grounds.evidence.value, grounds.evidence.least) if grounds else None,
        share=_bar(grounds.share.value, grounds.share.least) if grounds else None,
        own=_bar(grounds.own.value, grounds.own.least) if grounds else None,
        company=grounds.company if grounds else None,
        together=grounds is not None and grounds.together,
        likeliest=[wire.TagShare(tag=tag, share=share) for tag, share in why.shares],
        terms=_terms(grounds.terms, text) if grounds else [],
        fired=[_fired(match, why.unit, found.text) for match in why.fired],
        rules=_part(grounds.rules) if grounds else None,
        themes=[_theme(each) for each in grounds.themes] if grounds else [],
        base=_part(grounds.base) if grounds else None,
        voice=_cue(finding.voice, why.voice, found),
        stance=_cue(finding.stance, why.stance, found),
        given=why.given,
        with_vectors=found.with_vectors,
    )
    summary = [*outset(explained), *_weighed(explained), *provisos(explained)]
    return explained.model_copy(update={"summary": summary})


def _bar(value: float, least: float) -> wire.Bar:
    return wire.Bar(value=value, least=least, passed=value >= least)


def _part(part: Part) -> wire.Part:
    return wire.Part(evidence=part.evidence, tag=part.tag)


def _terms(terms: Sequence[TermGround], text: str) -> list[wire.WeighedTerm]:
    return [
        wire.WeighedTerm(
            text=each.span.of(text),
            start=each.span.start,
            end=each.span.end,
            evidence=each.part.evidence,
            tag=each.part.tag,
        )
        for each in heaviest(terms, _MOST_TERMS)
    ]


def _fired(match: Match, unit: Span, text: str) -> wire.FiredRule:
    within = match.trigger.within(unit)
    return wire.FiredRule(
        rule=match.rule.id,
        tag=match.tag,
        seeks=match.rule.seeks,
        confidence=match.rule.confidence,
        text=match.trigger.of(text),
        start=within.start,
        end=within.end,
    )


def _theme(ground: ThemeGround) -> wire.NearTheme:
    labels = {tag.id: tag.label for tag in bundled_taxonomy().tags} | _WITHOUT_A_TAG
    return wire.NearTheme(
        theme=ground.theme,
        label=labels.get(ground.theme, ground.theme),
        examples=ground.examples,
        likeness=ground.likeness,
        example_id=ground.nearest.id,
        example=ground.nearest.text,
        evidence=ground.part.evidence,
        tag=ground.part.tag,
    )


def _cue(value: str, cue: Cue, found: Reasoned) -> wire.Cue:
    """The cue, whose offsets count in its sentence, in those of the judged text."""
    begin = found.finding.sentence.start - found.passage.span.start - found.reasons.unit.start
    start, end = (begin + cue.words.start, begin + cue.words.end) if cue.words else (None, None)
    text = found.reasons.unit.of(found.text)[start:end] if cue.words else None
    return wire.Cue(value=value, why=cue.why, text=text, start=start, end=end)


def outset(explained: wire.FindingExplanation) -> Iterator[str]:
    """By what the finding was given, in sentences."""
    yield _BY[Ground(explained.by)]
    for each in explained.fired:
        if each.tag == explained.finding.tag:
            yield f"The rule {each.rule} looks for this: {each.seeks} It fired on “{each.text}”."


def provisos(explained: wire.FindingExplanation) -> Iterator[str]:
    """What to bear in mind of it, in sentences."""
    if explained.evidence and not explained.with_vectors:
        yield "Judged by words and rules alone: the embedder is not the one that was learned with."
    if not explained.given:
        yield "Read again now, these words do not earn the finding: it was made in another way."


def _weighed(explained: wire.FindingExplanation) -> Iterator[str]:
    """What the parts of an explanation show, in sentences."""
    if explained.evidence and explained.share:
        yield (
            f"That the words are evidence of a failing: {_reached(explained.evidence)}. "
            f"That the failing is {explained.label}, of all tags: {_reached(explained.share)}."
        )
    if explained.own and explained.own.passed and explained.share and not explained.share.passed:
        yield (
            "Of several failings each has a low share, so the tag's own probability is enough too: "
            f"{_reached(explained.own)}."
        )
    if explained.together:
        yield (
            "In a document the two count together: the surer the one, the less is asked of the "
            "other, until the tag is likelier than not."
        )
    if explained.company:
        yield f"{in_company(explained.company)}."
    if words := [each.text for each in explained.terms if each.evidence + each.tag > 0]:
        yield f"Words that weighed most for it: {', '.join(f'“{word}”' for word in words[:5])}."
    if explained.themes:
        nearest = explained.themes[0]
        yield (
            f"Of the labelled sentences, those of {nearest.label} are nearest in meaning "
            f"(likeness {nearest.likeness:.2f} of 1)."
        )
    yield f"Voice {explained.voice.value}: {told(explained.voice)}."
    yield f"Stance {explained.stance.value}: {told(explained.stance)}."


def in_company(company: float) -> str:
    """What the passage around a text says of its tag."""
    return f"Its passage speaks {'for' if company > 0 else 'against'} it ({company:+.1f} log-odds)"


def _reached(bar: wire.Bar) -> str:
    return f"{bar.value:.2f}, where {bar.least:.2f} {'was' if bar.passed else 'would be'} enough"


def told(cue: wire.Cue) -> str:
    """Why, with the words it goes by."""
    return f"{cue.why}{f': “{cue.text}”' if cue.text else ''}"
