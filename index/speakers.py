"""Whose words stand at a place of a document, and how they are put forward there."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from index.claims import people
from index.shelf import Volume
from ingest.findings.frame import frame_of
from ingest.findings.stance import stance
from ingest.findings.voice import Thread, resumed, voice
from ingest.model import Span, Stance, Voice
from ingest.sentences import sentences

_BEFORE = 1_500
"""Characters before a place in which whoever speaks there was introduced."""
_MOST_SENTENCES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Whose words they are."""

    voice: Voice
    stance: Stance
    named: tuple[str, ...]
    """The people whom the text names there, or last before."""
    sentence: Span


def spoken_at(volume: Volume, span: Span) -> Spoken:
    """Voice and stance of the first sentence of the span, judged with what stands before it."""
    text = volume.text
    begin = _paragraph_start(volume, max(0, span.start - _BEFORE))
    window = text[begin : span.end + 400]
    thread = Thread(kind=volume.document.kind)
    end = 0
    seen: list[str] = []
    for sentence in sentences(window):
        apart = "\n\n" in window[end : sentence.start]
        if not seen or apart:
            thread = resumed(thread, window[sentence.start :], paragraph=apart)
        at = begin + sentence.start
        thread = replace(thread, quotation=_is_quotation(volume, at))
        words, end = sentence.of(window), sentence.end
        frame, _ = frame_of(words, inside=thread.open)
        speaker, thread = voice(words, thread)
        seen.append(words)
        if begin + sentence.end > span.start:
            return Spoken(
                voice=speaker,
                stance=stance(frame, speaker, thread.kind),
                named=_named(seen),
                sentence=Span(at, begin + sentence.end),
            )
    return Spoken(voice=Voice.INQUIRY, stance=Stance.FOUND, named=(), sentence=span)


def _named(seen: list[str]) -> tuple[str, ...]:
    for words in reversed(seen[-_MOST_SENTENCES:]):
        if named := people(words):
            return tuple(named)
    return ()


def _paragraph_start(volume: Volume, at: int) -> int:
    """The start of the paragraph that holds the offset."""
    gap = volume.text.rfind("\n\n", 0, at)
    return gap + 2 if gap >= 0 else 0


def _is_quotation(volume: Volume, at: int) -> bool:
    """Whether a paragraph set as a quotation holds the offset; no two paragraphs overlap."""
    last = bisect_right(volume.quotations, at, key=lambda span: span.start) - 1
    return last >= 0 and at < volume.quotations[last].end
