"""Where numbered statements begin: by label, number or announcement, in the order of the text."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from statistics import median

from ingest.model import Paragraph, ParagraphKind, Reading, Span
from ingest.reading.numbering import SPELT_OUT
from ingest.recommendations.announcements import (
    announces,
    announces_conclusions,
    announces_list,
    declares,
    directs,
    is_of_others,
    opens_as_narrative,
    recommends_next,
    tells,
    tells_of_others,
)
from ingest.recommendations.crossreferences import refers

RECOMMENDATION = "recommendation"
CONCLUSION = "conclusion"


class Form(IntEnum):
    """How a statement is set out; the lower, the more formal."""

    LABELLED = 0
    LISTED = 1
    TABLED = 2
    INTRODUCED = 3
    BOXED = 4
    DECLARED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where a statement begins, and what was read on the way to it."""

    index: int
    """Of the paragraph, among those of the setting."""
    number: str
    kind: str | None
    """As labelled or announced; None where each statement has to say."""
    form: Form
    words_at: int | None = None
    """Offset of its first words in the same paragraph; None where they follow in the next."""
    title: Span | None = None


LABEL = re.compile(
    r"(?:[•●▪■]\s*)?(?:(?:formal|key|interim|urgent|final|overarching|main|strategic|national|joint|"
    r"headline|summary|inquiry|priority|further|additional)\s+)?"
    r"(?:(?P<kind>recommendation|rec|conclusion)\b\.?\s*(?:no\.?\s*|number\s+|#\s*)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,2}(?:\(?[a-z]\)?(?![\w]))?|[A-Z]{1,2}\d{1,3}|[IVXLC]{1,6}|"
    rf"(?:{SPELT_OUT})(?!\w))"
    r"|(?P<short>(?-i:[A-Z]{0,2}R)\d{1,3}))"
    r"(?![\w/%])(?P<after>\s*[:.)\]–—|\t-]+\s*|\s+|$)",
    re.I,
)
_LONE_LABEL = re.compile(r"(?:(\d{1,3})[.)]?\s+)?(conclusion|recommendation)s?:?", re.I)
NUMBERED = re.compile(r"(?:[•●]\s*)?\(?(\d{1,3})([.):]?)(?:\s+|$)(?!\d)")
_DOTTED = re.compile(r"\(?(?:[A-Z]{1,2}\d{0,2}|\d{1,3})(?:\.\d{1,3})+\.?\)?(?:\s|$)")
_LETTERED = re.compile(r"\(?([A-Z]|[a-z]|[ivx]{1,5}|[IVX]{1,5})[.)]\s+(?=\S)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv")
_COMMANDS = re.compile(r"\b(?:should|must|shall|ought\s+to|needs?\s+to)\b")
_OPENING_QUOTE = ("“", "‘", '"')
_STOP = re.compile(r"[.!?…;:][”’\"')\]]*$")
_LONGEST_TITLE = 200
_LONGEST_ITEM_TITLE = 80
_LONGEST_ITEM = 1500
"""Characters, on average; what runs longer is an account."""
_FARTHEST_INTRODUCTION = 12
"""Paragraphs between "I recommend:" and the last item that it introduces."""
_LONGEST_CONCLUSION = 2000
"""Characters; a list of conclusions has shorter items than a chapter has paragraphs."""
_LEFT_OUT = {
    ParagraphKind.NOTE,
    ParagraphKind.CONTENTS,
    ParagraphKind.CAPTION,
    ParagraphKind.FIGURE,
}


def is_lone_label(words: str) -> bool:
    """Whether the words are but "Conclusion" or "17. Recommendation"."""
    return _LONE_LABEL.fullmatch(words) is not None


class Setting:
    """The paragraphs of one reading in which statements may be set out."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self.paragraphs: Sequence[Paragraph] = [
            paragraph for paragraph in reading.paragraphs if paragraph.kind not in _LEFT_OUT
        ]
        self._title = reading.title or ""
        self._quoted = set(self._quotations())

    def __len__(self) -> int:
        return len(self.paragraphs)

    def words(self, index: int) -> str:
        return self.paragraphs[index].span.of(self.text)

    def is_heading(self, index: int) -> bool:
        return self.paragraphs[index].kind is ParagraphKind.HEADING

    def is_own(self, index: int) -> bool:
        """Whether the paragraph is neither quoted nor under a heading about others' words."""
        return index not in self._quoted and not any(
            is_of_others(heading, title=self._title) for heading in self.paragraphs[index].section
        )

    def recounts(self, index: int) -> bool:
        """Whether the paragraph introduces what somebody recommended, elsewhere or earlier."""
        return index >= 0 and not self.is_heading(index) and tells_of_others(self.words(index))

    def opens_paragraph(self, index: int) -> bool:
        """Whether the paragraph begins with its own printed number."""
        number, words = self.paragraphs[index].number, self.words(index)
        if _DOTTED.match(words):
            return True
        return number is not None and bool(re.match(rf"{re.escape(number)}(?![\w.]*\d)", words))

    def _quotations(self) -> Iterator[int]:
        """Paragraphs that are, or belong to, what somebody else wrote."""
        carried = False
        for index, paragraph in enumerate(self.paragraphs):
            opens = self.words(index).startswith(_OPENING_QUOTE)
            quotation = paragraph.kind is ParagraphKind.QUOTATION
            carried = quotation and (opens or carried or self.recounts(index - 1))
            if carried or opens:
                yield index


# --- Labels -----------------------------------------------------------------------------------


def labelled(setting: Setting) -> Iterator[Opening]:
    """Statements that a label with a number opens: "Recommendation 4: ..."."""
    recounted = False
    for index, paragraph in enumerate(setting.paragraphs):
        opening = None if paragraph.kind is ParagraphKind.TABLE else _label(setting, index)
        if opening is None:
            within = paragraph.kind in (ParagraphKind.LIST_ITEM, ParagraphKind.QUOTATION)
            recounted = setting.recounts(index) or (recounted and within)
        elif not recounted and setting.is_own(index):
            yield opening


def _label(setting: Setting, index: int) -> Opening | None:
    words = setting.words(index)
    found = LABEL.match(words) or _label_after_number(words)
    if found is None:
        return None
    opening = Opening(
        index=index,
        number=found["number"] or found["short"],
        kind=CONCLUSION if (found["kind"] or "").casefold() == CONCLUSION else RECOMMENDATION,
        form=Form.LABELLED,
    )
    rest = words[found.end() :]
    if not rest:
        return _with_title_below(setting, opening)
    if not _is_label(setting, index, rest=rest, punctuated=bool(found["after"].strip())):
        return None
    paragraph = setting.paragraphs[index].span
    span = Span(paragraph.start + found.end(), paragraph.end)
    if _is_title(setting, index, rest):
        return replace(opening, title=span)
    return replace(opening, words_at=span.start)


def _label_after_number(words: str) -> re.Match[str] | None:
    """The label that stands behind a paragraph's own number: "3.2 Recommendation 1: ..."."""
    number = _DOTTED.match(words)
    found = LABEL.match(words, number.end()) if number else None
    return found if found and found["kind"] and found["after"].strip() else None


def _is_label(setting: Setting, index: int, *, rest: str, punctuated: bool) -> bool:
    """Whether what follows the number makes it a label, not the beginning of a sentence."""
    if rest[0].islower():
        return punctuated and re.match(r"(?:that|to)\b", rest) is not None
    set_off = setting.paragraphs[index].kind in (ParagraphKind.HEADING, ParagraphKind.BOX)
    return punctuated or set_off or directs(rest) or _is_title(setting, index, rest)


def _is_title(setting: Setting, index: int, words: str) -> bool:
    """Whether words after a label are a title, the statement being what follows."""
    below = index + 1
    if below == len(setting) or setting.is_heading(below) or LABEL.match(setting.words(below)):
        return False
    set_off = setting.paragraphs[index].kind in (ParagraphKind.HEADING, ParagraphKind.BOX)
    short = len(words) <= _LONGEST_TITLE and not _STOP.search(words)
    return short and (set_off or not directs(words))


def _with_title_below(setting: Setting, opening: Opening) -> Opening:
    """A label on a line of its own, with the heading after it as its title where one is."""
    below = opening.index + 1
    if below + 1 >= len(setting) or not setting.is_heading(opening.index):
        return opening
    titled = setting.is_heading(below) and not setting.is_heading(below + 1)
    if not titled or any(LABEL.match(setting.words(at)) for at in (below, below + 1)):
        return opening
    return replace(opening, index=below, title=setting.paragraphs[below].span)


def boxed(setting: Setting) -> Iterator[Opening]:
    """Labels that stand alone and take the number of the paragraph they belong to."""
    carried: str | None = None
    for index, paragraph in enumerate(setting.paragraphs):
        carried = paragraph.number or carried
        found = _LONE_LABEL.fullmatch(setting.words(index))
        number = (found[1] or carried) if found else None
        if found and number and not setting.is_heading(index) and setting.is_own(index):
            kind = found[2].casefold()
            yield Opening(index=index, number=number, kind=kind, form=Form.BOXED)


# --- Numbers ----------------------------------------------------------------------------------


def numbered_runs(setting: Setting, taken: set[int]) -> list[list[Opening]]:
    """Runs of numbered paragraphs or headings that count from 1 in step, where announced."""
    runs: list[list[Opening]] = []
    for index in range(len(setting)):
        opening = _numbered(setting, index) if index not in taken else None
        run = _run_for(setting, runs, opening) if opening else None
        if opening and run is not None:
            run.append(opening)
        elif opening and opening.number == "1":
            runs.append([opening])
    believed = [run for run in runs if _is_believable(setting, run)]
    return [run for run in believed if not _is_nested(setting, run, believed)]


def _numbered(setting: Setting, index: int) -> Opening | None:
    paragraph, words = setting.paragraphs[index], setting.words(index)
    found = NUMBERED.match(words)
    if not found or paragraph.kind is ParagraphKind.TABLE or not setting.is_own(index):
        return None
    form, announcement, rest = (
        _announced(setting, index),
        _announcement(setting, index),
        words[found.end() :],
    )
    bare = not found[2] and paragraph.number != found[1]
    if form is None or (bare and not (announcement and rest[:1].isupper())):
        return None
    opening = Opening(
        index=index,
        number=found[1],
        kind=CONCLUSION if announces_conclusions(announcement) else None,
        form=form,
    )
    span = Span(paragraph.span.start + found.end(), paragraph.span.end) if rest else None
    if setting.is_heading(index):
        return replace(opening, title=span) if span and announces_list(announcement) else None
    if span and announces_list(announcement) and _is_item_title(setting, index, rest):
        return replace(opening, title=span)
    return replace(opening, words_at=span.start if span else None)


def _is_item_title(setting: Setting, index: int, words: str) -> bool:
    """Whether the words after an item's number are its title, the statement being below."""
    below = index + 1
    if below == len(setting) or setting.is_heading(below) or setting.words(below)[:1].islower():
        return False
    short = len(words) <= _LONGEST_ITEM_TITLE and not _STOP.search(words)
    return short and not directs(words) and not NUMBERED.match(setting.words(below))


def _announcement(setting: Setting, index: int) -> str:
    """The innermost heading above that announces recommendations or conclusions."""
    for heading in reversed(setting.paragraphs[index].section):
        if announces(heading) or announces_conclusions(heading):
            return heading
    return ""


def _announced(setting: Setting, index: int) -> Form | None:
    """How the paragraph is announced: by a heading, or by words not far above it."""
    if _announcement(setting, index):
        return Form.LISTED
    for above in range(index - 1, max(-1, index - _FARTHEST_INTRODUCTION), -1):
        words = setting.words(above)
        if recommends_next(words) or _gathers(words):
            return Form.INTRODUCED
        if setting.is_heading(above) or not NUMBERED.match(words):
            return None
    return None


def _gathers(words: str) -> bool:
    """Whether the words are but "Recommendations", as above those of a box."""
    found = _LONE_LABEL.fullmatch(words)
    return found is not None and found[1] is None and words.rstrip(":").endswith(("s", "S"))


def _run_for(
    setting: Setting, runs: Sequence[list[Opening]], opening: Opening
) -> list[Opening] | None:
    """The run that the opening carries on."""
    for run in reversed(runs):
        last = run[-1]
        same = (last.form, last.kind) == (opening.form, opening.kind) and (
            setting.is_heading(last.index) == setting.is_heading(opening.index)
        )
        # A list may go on under another heading, and under its own may have lost a number.
        most = 2 if _is_near(setting, last, opening) else 1
        if same and 1 <= int(opening.number) - int(last.number) <= most:
            return run
    return None


def _is_near(setting: Setting, first: Opening, second: Opening) -> bool:
    one, other = setting.paragraphs[first.index], setting.paragraphs[second.index]
    return second.form is not Form.LISTED or (
        _announcement(setting, first.index) == _announcement(setting, second.index)
        or one.section[:1] == other.section[:1]
    )


def _is_nested(setting: Setting, run: Sequence[Opening], runs: Sequence[Sequence[Opening]]) -> bool:
    """Whether the run is a list inside an item of another."""
    first = run[0].index
    if not first or not setting.words(first - 1).endswith(":"):
        return False
    above = [each.index for other in runs if other is not run for each in other]
    nearest = max((index for index in above if index < first), default=None)
    return nearest is not None and not any(
        setting.is_heading(index) for index in range(nearest + 1, first)
    )


def _is_believable(setting: Setting, run: Sequence[Opening]) -> bool:
    """Whether most of the run reads like recommendations, or says what each of its items is."""
    words = [_first_words(setting, opening) for opening in run]
    if run[0].kind == CONCLUSION:
        # Where every chapter counts its paragraphs from 1, that of conclusions does too.
        short = median(map(len, words)) < _LONGEST_CONCLUSION
        return len(run) > 1 and short and _beginnings_outside(setting, run) <= 1
    if setting.is_heading(run[0].index):
        return 2 * sum(map(directs, words)) > len(run)
    asking = sum(directs(each) or not (opens_as_narrative(each) or tells(each)) for each in words)
    return 2 * sum(map(refers, words)) >= len(run) or 5 * asking >= 3 * len(run)


def _beginnings_outside(setting: Setting, run: Sequence[Opening]) -> int:
    """How many other paragraphs are printed under the number 1."""
    within = range(run[0].index, run[-1].index + 1)
    return sum(
        paragraph.number == "1" and index not in within and setting.opens_paragraph(index)
        for index, paragraph in enumerate(setting.paragraphs)
    )


def _first_words(setting: Setting, opening: Opening) -> str:
    """The paragraph that the statement begins in, without its number."""
    if opening.words_at is not None:
        return setting.text[opening.words_at : setting.paragraphs[opening.index].span.end]
    below = opening.index + 1
    return setting.words(below) if below < len(setting) else ""


def lettered_runs(setting: Setting, taken: set[int]) -> list[list[Opening]]:
    """Runs of items with letters or Roman numerals right under a heading of recommendations.

    Where anything there is opened otherwise, letters are the parts of that.
    """
    runs: list[list[Opening]] = []
    run: list[Opening] = []
    for index in range(len(setting)):
        if setting.is_heading(index) or index in taken:
            runs.append(run)
            run = []
        elif opening := _lettered(setting, index, run):
            run = [*run, opening]
    own = [each for each in [*runs, run] if len(each) > 1]
    return [each for each in own if not _is_opened(setting, each[0].index, taken)]


def _lettered(setting: Setting, index: int, run: Sequence[Opening]) -> Opening | None:
    """The next item of the run, or the first of one."""
    found = _LETTERED.match(setting.words(index))
    paragraph = setting.paragraphs[index]
    if found is None or paragraph.kind is ParagraphKind.TABLE or not setting.is_own(index):
        return None
    if not paragraph.section or not announces_list(paragraph.section[-1]):
        return None
    style = _style(run[0].number) if run else _style(found[1])
    if _place(found[1], style) != len(run) + 1 or not directs(setting.words(index)):
        return None
    return Opening(
        index=index,
        number=found[1],
        kind=RECOMMENDATION,
        form=Form.LISTED,
        words_at=paragraph.span.start + found.end(),
    )


def _style(first: str) -> str:
    """Of a run that so begins."""
    return "roman" if first.casefold() == "i" else "letter"


def _place(number: str, style: str) -> int | None:
    """Where the number stands in its style, from 1."""
    bare = number.casefold()
    if style == "roman":
        return _ROMAN.index(bare) + 1 if bare in _ROMAN else None
    return ord(bare) - ord("a") + 1 if len(bare) == 1 else None


def _is_opened(setting: Setting, index: int, taken: set[int]) -> bool:
    """Whether something else was opened between the heading and the paragraph."""
    while index and not setting.is_heading(index - 1):
        index -= 1
        if index in taken:
            return True
    return False


def dotted_lists(setting: Setting, taken: set[int]) -> list[Opening]:
    """Paragraphs numbered with points where nearly all that stands under a heading asks.

    The headings say nothing but that recommendations follow, as at the ends of chapters.
    """
    lists = defaultdict[tuple[str, ...], list[Opening]](list)
    for index, paragraph in enumerate(setting.paragraphs):
        found = _DOTTED.match(setting.words(index))
        chapter = _listing(paragraph.section)
        if found and chapter and index not in taken and _may_be_item(setting, index):
            lists[chapter].append(
                Opening(
                    index=index,
                    number=found.group().strip().strip("()."),
                    kind=RECOMMENDATION,
                    form=Form.LISTED,
                    words_at=paragraph.span.start + found.end(),
                )
            )
    return [each for found in lists.values() if _asks(setting, found) for each in found]


def _listing(section: Sequence[str]) -> tuple[str, ...]:
    """The headings down to one that says nothing but that recommendations follow."""
    depths = (depth for depth, heading in enumerate(section, start=1) if announces_list(heading))
    return tuple(section[: next(depths, 0)])


def _may_be_item(setting: Setting, index: int) -> bool:
    table = setting.paragraphs[index].kind is ParagraphKind.TABLE
    return not table and not setting.is_heading(index) and setting.is_own(index)


def _asks(setting: Setting, found: Sequence[Opening]) -> bool:
    """Whether nearly all the paragraphs direct somebody, and none declares so in prose."""
    words = [_first_words(setting, opening) for opening in found]
    asking = sum(_COMMANDS.search(each.partition(". ")[0]) is not None for each in words)
    length = sum(map(len, words)) / len(words)
    return 10 * asking >= 9 * len(words) and length <= _LONGEST_ITEM


def declared(setting: Setting, taken: set[int]) -> Iterator[Opening]:
    """Paragraphs numbered with points, under an announcing heading, that say they recommend."""
    for index, paragraph in enumerate(setting.paragraphs):
        words = setting.words(index)
        found = _DOTTED.match(words)
        if found is None or index in taken or setting.is_heading(index):
            continue
        if any(map(announces, paragraph.section)) and setting.is_own(index) and declares(words):
            yield Opening(
                index=index,
                number=found.group().strip().strip("()."),
                kind=RECOMMENDATION,
                form=Form.DECLARED,
                words_at=paragraph.span.start + found.end(),
            )
