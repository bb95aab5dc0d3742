"""Why a finding was given, for people at a terminal: `casebook findings --explain ID`."""

from collections.abc import Iterable, Iterator

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api import terminal, wire
from api.reasons import explanation, in_company, outset, provisos, told
from index.casebook import Casebook

_WIDE = 30
"""Cells of a bar that is full."""
_MOST_THEMES = 4


def explain(casebook: Casebook, finding_id: str, *, as_json: bool) -> None:
    """Prints why the finding was given; raises UnknownId."""
    explained = explanation(casebook, finding_id)
    if as_json:
        terminal.print_json(explained)
    else:
        print_explanation(explained)


def print_explanation(explained: wire.FindingExplanation) -> None:
    """The tag, the sentence with its trigger marked, and what spoke for and against."""
    finding = explained.finding
    terminal.output.print(Text(explained.label, "bold magenta"), Text(explained.definition, "dim"))
    _print([_marked(finding), terminal.words(finding.citation.cite_as, "bold")])
    _print([terminal.words(finding.id, "dim")])
    _section("Why this tag", _decision(explained))
    if explained.evidence is not None:
        _section("What weighed", [_weighed(explained)])
        _print(_scale(explained))
    _section("Whose words", [_cue(explained.voice)])
    _section("How they are put", [_cue(explained.stance)])


def _section(title: str, lines: Iterable[Text | Table]) -> None:
    terminal.output.print(Text(f"\n{title}", "bold"))
    _print(lines)


def _print(lines: Iterable[Text | Table]) -> None:
    for line in lines:
        terminal.output.print(Padding(line, (0, 0, 0, 3)))


def _marked(finding: wire.Finding) -> Text:
    text = terminal.words(finding.text)
    text.stylize("bold cyan underline", finding.start, finding.end)
    return Text("“") + text + Text("”")


def _decision(explained: wire.FindingExplanation) -> Iterator[Text | Table]:
    yield from map(terminal.words, (*outset(explained), *provisos(explained)))
    if explained.evidence and explained.share:
        bars = [("evidence of a failing", explained.evidence), ("of this tag", explained.share)]
        if explained.own and explained.own.passed:
            bars.append(("of this tag by itself", explained.own))
        yield _bars(bars)
        if explained.together:
            yield terminal.words("each bar is what the other leaves to be reached", "dim")
        if explained.company:
            yield terminal.words(in_company(explained.company), "dim")
    if explained.text != explained.finding.text:
        around = " ".join(explained.text.split())
        yield terminal.words(f"judged together with what stands around it: {around}", "dim")
    others = [each for each in explained.likeliest if each.tag != explained.finding.tag]
    if others:
        shown = ", ".join(f"{each.tag} {each.share:.2f}" for each in others)
        yield Text(f"next likeliest: {shown}", "dim")


def _bars(bars: Iterable[tuple[str, wire.Bar]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, bar in bars:
        colour = "green" if bar.passed else "yellow"
        least = f"{bar.least:.2f} {'needed' if bar.passed else 'needed, not reached'}"
        table.add_row(name, _bar(bar, colour), Text(f"{bar.value:.2f}", colour), Text(least, "dim"))
    return table


def _bar(bar: wire.Bar, colour: str) -> Text:
    """Filled as far as the probability goes, with a mark at what it had to reach."""
    full, mark = round(bar.value * _WIDE), min(round(bar.least * _WIDE), _WIDE - 1)
    shown = Text("█" * full, colour) + Text("░" * (_WIDE - full), "dim")
    return shown[:mark] + Text("┃", "bold") + shown[mark + 1 :]


def _weighed(explained: wire.FindingExplanation) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    table.add_column("for a failing", justify="right")
    table.add_column("for this tag", justify="right")
    for term in explained.terms:
        table.add_row(terminal.words(f"“{term.text}”"), *_parts(term))
    if explained.rules and explained.fired:
        rules = ", ".join(dict.fromkeys(each.rule for each in explained.fired))
        table.add_row(terminal.words(f"rules: {rules}"), *_parts(explained.rules))
    for theme in _themes(explained):
        table.add_row(_theme(theme), *_parts(theme))
    if explained.base:
        table.add_row(Text("where every text begins", "dim"), *_parts(explained.base))
    return table


def _themes(explained: wire.FindingExplanation) -> list[wire.NearTheme]:
    """The tag's own, and the nearest others."""
    own = [each for each in explained.themes if each.theme == explained.finding.tag]
    others = [each for each in explained.themes if each not in own]
    return [*own, *others[: _MOST_THEMES - len(own)]]


def _theme(theme: wire.NearTheme) -> Text:
    return Text(f"sentences on {theme.label}, nearest {theme.likeness:.2f} ({theme.example_id})")


def _parts(part: wire.Part) -> tuple[Text, Text]:
    return _signed(part.evidence), _signed(part.tag)


def _signed(value: float) -> Text:
    style = "dim" if abs(value) < 0.005 else "green" if value > 0 else "red"
    return Text(f"{value:+.2f}".replace("-", "−"), style)


def _scale(explained: wire.FindingExplanation) -> Iterator[Text]:
    said = "In log-odds; other words and themes make up the rest."
    if explained.themes:
        said += " Labelled sentences speak by how near they lie, compared with what is usual."
    yield Text(said, "dim")
    if explained.themes:
        nearest = explained.themes[0]
        yield Text(f"The nearest of all, which is invented: {nearest.example}", "dim")


def _cue(cue: wire.Cue) -> Text:
    return terminal.words(cue.value, "magenta") + terminal.words(f": {told(cue)}")
