"""Each sentence of a text with whose words it is, and how they are put forward."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.findings.claims import dismisses, is_dismissed, raised, raises
from ingest.findings.denial import is_omission
from ingest.findings.frame import Cue, frame_around, frame_of, lower
from ingest.findings.stance import Told, stance, trigger_cue
from ingest.findings.voice import Thread, beginning, heard, laid_out, led, put_by, resumed
from ingest.model import Kind, Span, Stance, Voice

_CLAIMED = frozenset({Stance.ALLEGED, Stance.REPORTED})
"""Stances of what somebody claims, which the document may reject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, whose words it is and how they are put forward."""

    span: Span
    voice: Voice
    stance: Stance
    heard: Cue
    """Why it is that voice."""
    put: Stance | None = None
    """The stance that what leads it in, or what reprints it, gives to all that it says."""


def is_own(sentence: Sentence, kind: Kind) -> bool:
    """Whether a document of this kind says the sentence itself."""
    return sentence.voice is Voice.INQUIRY or kind is Kind.RESPONSE


def own_words(text: str, spoken: Sequence[Sentence], kind: Kind) -> str:
    """Those of the one sentence, if there is one, that the document says itself."""
    own = (each for each in spoken if is_own(each, kind))
    return "".join(each.span.of(text) for each in own)


def leaning(sentence: Sentence, *, judges: bool) -> Sentence:
    if sentence.put or sentence.stance not in {Stance.FOUND, Stance.BACKGROUND}:
        return sentence
    return replace(sentence, stance=Stance.FOUND if judges else Stance.BACKGROUND)


def over(thread: Thread) -> Thread:
    """The thread where another paragraph begins, or a passage: a quotation that was announced is to
    come, or has been."""
    return replace(thread, announced=thread.announced and not thread.quotation, quotation=False)


def speech(
    text: str, spans: Sequence[Span], thread: Thread, quotations: Sequence[Span] = ()
) -> tuple[tuple[Sentence, ...], Thread]:
    """Each sentence with its voice and stance, and the thread that the last one leaves."""
    spoken: list[Sentence] = []
    end = 0
    for span in spans:
        words, paragraph = span.of(text), "\n\n" in text[end : span.start]
        end = span.end
        if not spoken or paragraph:
            thread = resumed(thread, text[span.start :], paragraph=paragraph)
            thread = beginning(thread, words)
        quoted = any(map(span.overlap, quotations))
        thread = laid_out(thread, words, paragraph=paragraph, quoted=quoted)
        frame, _ = frame_of(words, inside=thread.open)
        (speaker, cue), thread = heard(words, thread)
        put = put_by(thread)
        said = frame if re.search(r"\w", frame) else words
        manner = put or stance(said, speaker, thread.kind)
        thread = led(thread, words, (speaker, manner))
        spoken.append(Sentence(span=span, voice=speaker, stance=manner, heard=cue, put=put))
    return tuple(spoken), thread


def trigger_put(
    text: str, trigger: Span, spoken: Sequence[Sentence], kind: Kind, *, denied: float
) -> Told:
    """How the words that earned a finding are put, by the first of the sentences, which holds them,
    and those that follow it; and why.

    `denied` is the probability with which what was learned takes them for a denial, if it does.
    """
    sentence, *following = spoken
    words, within = sentence.span.of(text), trigger.within(sentence.span)
    frame = frame_around(words, within)
    # What was left undone reads like a denial too, and so does a claim, whatever answers it.
    if denied and not is_omission(lower(words)) and not raises(lower(frame)):
        why = f"what was learned reads it as a denial, with a probability of {denied:.2f}"
        return Stance.DENIED, Cue(why)
    if sentence.put is not None:
        return sentence.put, Cue("put as what leads it in, or as what is reprinted there")
    told = trigger_cue(frame, within, sentence.voice, kind)
    if told[0] not in _CLAIMED:
        return told
    if raised(lower(frame), within) and dismisses(lower(frame), sentence.voice):
        return Stance.DENIED, Cue("a claim that the same sentence rejects")
    if is_dismissed(_paragraph(text, sentence, following)):
        return Stance.DENIED, Cue("a claim that is rejected in what follows")
    return told


def _paragraph(
    text: str, sentence: Sentence, following: Iterable[Sentence]
) -> Iterator[tuple[str, Voice]]:
    """Frame and voice of those that follow the sentence in its paragraph."""
    end = text.find("\n\n", sentence.span.end)
    for each in following:
        if end < 0 or each.span.start < end:
            yield frame_of(each.span.of(text))[0], each.voice
