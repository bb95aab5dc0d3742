"""Charts of the tagger's measurements as SVG files, for documents that show them as pictures.

`eval/plots.py` draws for a page that gives its colours; what stands here carries its own. Each
chart is written in the grammar of Vega-Lite, which Altair checks and draws.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from io import StringIO

from eval.calibration import Series
from eval.curve import Curve, Point, Read

_PAPER, _INK, _SOFT, _RULE = "#fdfdfb", "#1d2327", "#5f6a70", "#dfe3e4"
_COLOURS = ["#0b5fa5", "#c77700"]
_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
_DEVELOPMENT, _APART = "sentences for development", "a writer kept apart"
_PANELS: Mapping[str, str] = {"macro_f1": "macro F1", "implicit_recall": "recall, implicit"}
_DASHED = [4, 4]

Spec = dict[str, object]
Row = dict[str, float | str]


def learning_chart(curve: Curve) -> str:
    """Macro F1 and the recall of what is only implied, by how many rows were learned from."""
    writers = len({point.apart for point in curve.points})
    return _svg(
        {
            "title": {
                "text": "What more labelled sentences buy",
                "subtitle": [
                    f"Thin lines: one of {writers} writers kept apart, and a share of the others' "
                    "rows learned from. Thick lines: their means.",
                    "Dashed: rules alone. Ring: what is shipped, learned from every writer.",
                ],
            },
            "hconcat": [_panel(curve, measure) for measure in _PANELS],
            "spacing": 40,
        }
    )


def reliability_chart(found: Sequence[Series]) -> str:
    """How often findings are right, by the confidence they are given with."""
    rows: list[Row] = [
        {
            "series": series.name,
            "said": each.said,
            "right": each.right,
            "low": each.low,
            "high": each.high,
            "findings": each.findings,
        }
        for series in found
        for each in series.bins
    ]
    across = {"field": "said", **_quantity("confidence said")}
    up = {"field": "right", **_quantity("share that is right")}
    colour = _colour([series.name for series in found], "series")
    size = {"field": "findings", "type": "quantitative", "scale": {"range": [40, 480]}}
    return _svg(
        {
            "title": {
                "text": "Is a confidence to be believed?",
                "subtitle": [
                    "On the dashed line a finding is right as often as it says.",
                    "Larger points hold more findings; whiskers are 95% intervals.",
                ],
            },
            "width": 440,
            "height": 440,
            "layer": [
                {
                    "data": {"values": [{"said": 0, "right": 0}, {"said": 1, "right": 1}]},
                    "mark": {"type": "line", "color": _SOFT, "strokeDash": _DASHED},
                    "encoding": {"x": across, "y": up},
                },
                {
                    "data": {"values": rows},
                    "mark": {"type": "rule", "opacity": 0.45, "strokeWidth": 2},
                    "encoding": {
                        "x": across,
                        "y": {**up, "field": "low"},
                        "y2": {"field": "high"},
                        "color": colour,
                    },
                },
                {
                    "data": {"values": rows},
                    "mark": {"type": "circle", "opacity": 1, "stroke": _PAPER, "strokeWidth": 1.2},
                    "encoding": {
                        "x": across,
                        "y": up,
                        "color": colour,
                        "size": {**size, "legend": None},
                    },
                },
                _key(found, colour),
            ],
        }
    )


def _key(found: Sequence[Series], colour: Spec) -> Spec:
    """The series named in the corner where no point stands."""
    rows: list[Row] = [
        {
            "text": f"{series.name}\n{sum(each.findings for each in series.bins)} findings\n"
            f"calibration error {series.error:.3f}",
            "series": series.name,
            "x": 0.985,
            "y": 0.26 - 0.13 * place,
        }
        for place, series in enumerate(found)
    ]
    return {
        "data": {"values": rows},
        "mark": {
            "type": "text",
            "align": "right",
            "baseline": "top",
            "lineBreak": "\n",
            "lineHeight": 16,
            "fontSize": 12,
            "fontWeight": 600,
        },
        "encoding": {
            "x": {"field": "x", "type": "quantitative"},
            "y": {"field": "y", "type": "quantitative"},
            "text": {"field": "text"},
            "color": colour,
        },
    }


def _panel(curve: Curve, measure: str) -> Spec:
    rounds: list[Row] = [
        {"rows": point.rows, "value": _value(read, measure), "apart": point.apart, "on": on}
        for point in curve.points
        for on, read in ((_DEVELOPMENT, point.development), (_APART, point.writer))
    ]
    means = _means(curve.points, measure)
    ends: list[Row] = [{**each, "text": f"{each['value']:.2f}"} for each in means[-2:]]
    across: Spec = {
        "field": "rows",
        "type": "quantitative",
        "title": "labelled rows learned from",
        "scale": {"type": "log", "domain": [440, curve.shipped_rows * 1.06], "nice": False},
        "axis": {"values": [500, 1000, 2000, 4000, 8000], "format": ","},
    }
    up = {"field": "value", **_quantity(None)}
    place = {"x": across, "y": up, "color": _colour([_DEVELOPMENT, _APART], "on")}
    shipped: Row = {"rows": curve.shipped_rows, "value": _value(curve.shipped, measure)}
    line: Spec = {"type": "line", "strokeWidth": 1, "opacity": 0.3}
    named: Spec = {"type": "text", "align": "right", "fontSize": 12, "fontWeight": 600}
    return {
        "title": {"text": _PANELS[measure], "fontSize": 13, "offset": 8},
        "width": 340,
        "height": 320,
        "layer": [
            *_rules_alone(_value(curve.rules, measure), across, up),
            {
                "data": {"values": rounds},
                "mark": line,
                "encoding": {**place, "detail": {"field": "apart"}},
            },
            {
                "data": {"values": means},
                "mark": {"type": "line", "strokeWidth": 2.75, "point": {"size": 55}},
                "encoding": place,
            },
            {
                "data": {"values": [shipped]},
                "mark": {"type": "point", "size": 110, "strokeWidth": 2, "color": _COLOURS[0]},
                "encoding": {"x": across, "y": up},
            },
            *(
                {
                    "data": {"values": [end]},
                    "mark": {**named, "dx": dx, "dy": dy},
                    "encoding": {**place, "text": {"field": "text"}},
                }
                # The first beside the ring, the second under its line.
                for end, (dx, dy) in zip(ends, ((-12, -15), (6, 24)), strict=True)
            ),
            {
                "data": {"values": _names(curve.shipped_rows) if measure == "macro_f1" else []},
                "mark": named,
                "encoding": {**place, "text": {"field": "on"}},
            },
        ],
    }


def _names(rows: int) -> list[Row]:
    """Of both lines, in the corner that they leave free."""
    return [
        {"rows": rows, "value": 0.13, "on": _DEVELOPMENT},
        {"rows": rows, "value": 0.065, "on": _APART},
    ]


def _rules_alone(value: float, across: Spec, up: Spec) -> list[Spec]:
    row: Row = {"rows": 450, "value": value, "text": f"rules alone {value:.2f}"}
    words: Spec = {"type": "text", "align": "left", "dy": -8, "fontSize": 11, "color": _SOFT}
    return [
        {
            "data": {"values": [row]},
            "mark": {"type": "rule", "strokeDash": _DASHED, "color": _SOFT},
            "encoding": {"y": up},
        },
        {
            "data": {"values": [row]},
            "mark": words,
            "encoding": {"x": across, "y": up, "text": {"field": "text"}},
        },
    ]


def _quantity(title: str | None) -> Spec:
    """From 0 to 1."""
    ticks = {"values": [0, 0.2, 0.4, 0.6, 0.8, 1]}
    return {"type": "quantitative", "title": title, "scale": {"domain": [0, 1]}, "axis": ticks}


def _colour(names: Sequence[str], field: str) -> Spec:
    scale = {"domain": list(names), "range": _COLOURS}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}


def _value(read: Read, measure: str) -> float:
    return read.macro_f1 if measure == "macro_f1" else read.implicit_recall


def _means(points: Sequence[Point], measure: str) -> list[Row]:
    """Over the rounds, from the smallest share to the largest; two rows for each."""
    by_share: defaultdict[float, list[Point]] = defaultdict(list)
    for point in points:
        by_share[point.share].append(point)
    return [
        {
            "rows": sum(each.rows for each in drawn) / len(drawn),
            "value": round(sum(_value(read, measure) for read in reads) / len(reads), 4),
            "on": on,
        }
        for _, drawn in sorted(by_share.items())
        for on, reads in (
            (_DEVELOPMENT, [each.development for each in drawn]),
            (_APART, [each.writer for each in drawn]),
        )
    ]


def _svg(chart: Spec) -> str:
    """As a file that needs no script and no font of its own."""
    import altair

    dressed = {"background": _PAPER, "padding": 20, "config": _CONFIG, **chart}
    drawn = StringIO()
    altair.Chart.from_dict(dressed).save(drawn, format="svg")
    return drawn.getvalue().rstrip() + "\n"


_CONFIG: Spec = {
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "gridColor": _RULE,
        "domain": False,
        "tickColor": _RULE,
        "labelColor": _SOFT,
        "titleColor": _INK,
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 12,
        "titlePadding": 10,
    },
    "title": {
        "anchor": "start",
        "color": _INK,
        "fontSize": 17,
        "fontWeight": 600,
        "subtitleColor": _SOFT,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "subtitleLineHeight": 17,
        "offset": 18,
    },
}
