"""Charts as SVG: made from the rows that the table beside them shows; dark text on light fills."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.cache import cache

from calendars.words import MONTHS

STYLE = 1  # raise it when the drawing changes, so that no old picture is served
FILLS = {"green": "#7fc1c9", "teal": "#bfe3e0", "yellow": "#fbeeb0", "orange": "#f5c98a", "red": "#ec9c92"}
MISSED = {"Not completed": FILLS["red"], "Completed late": FILLS["orange"], "Awaiting decision": FILLS["yellow"]}
OTHER, INK, GRID = "#e4e4e4", "#0b0c0c", "#e4e4e4"
WIDTH, HEIGHT, LEAST_NUMBERED = 690, 320, 3
A_DAY = 24 * 3600
Rows = list[dict[str, Any]]


def fingerprint(rows: Rows) -> str:
    """The digest of a chart's data: its ETag, and the name under which the picture is kept."""
    text = json.dumps([STYLE, rows], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def grades_svg(rows: Rows) -> str:
    """The stacked chart of grades by month."""
    return _kept(rows, _grades)


def missed_svg(rows: Rows) -> str:
    """The stacked chart of audits not completed in time by month."""
    return _kept(rows, _missed)


def _kept(rows: Rows, chart: Callable[[Rows], Any]) -> str:
    """Drawn once for the same data, then taken from the cache."""
    key = f"chart:{fingerprint(rows)}"
    picture = cache.get(key)
    if picture is None:
        picture = _draw(chart(rows))
        cache.set(key, picture, A_DAY)
    return picture


def _draw(chart: Any) -> str:
    """Altair and its renderer take 150 MB, so they are loaded only where a new picture is wanted."""
    import vl_convert

    return vl_convert.vegalite_to_svg(chart.to_dict())


def missed_rows(months: list[tuple[date, int, int, int]]) -> Rows:
    """The segments of the chart of audits not completed, from the bottom up."""
    rows = []
    for month, *numbers in months:
        low, label = 0, f"{MONTHS[month.month - 1][:3]}|{month.year}"
        for position, (kind, n) in enumerate(zip(MISSED, numbers, strict=True)):
            rows.append({"month": label, "kind": kind, "position": position, "n": n, "low": low, "high": low + n,
                         "middle": low + n / 2})
            low += n
    return rows


def _missed(rows: Rows):
    import altair

    months, most = list(dict.fromkeys(row["month"] for row in rows)), max(row["high"] for row in rows)
    across = altair.X("month:N", scale=altair.Scale(domain=months), title=None, axis=altair.Axis(
        labelAngle=0, labelExpr="split(datum.label, '|')", labelLineHeight=18, domain=False, ticks=False))
    down = altair.Y("low:Q", title=None, scale=altair.Scale(domain=[0, max(most, 4)]),
                    axis=altair.Axis(format="d", tickMinStep=1, domain=False, ticks=False))
    legend = altair.Legend(title=None, labelLimit=400, symbolType="square", symbolSize=260, rowPadding=14)
    fills = altair.Scale(domain=list(MISSED), range=list(MISSED.values()))
    base = altair.Chart(altair.InlineData(values=rows)).encode(x=across).transform_filter("datum.n > 0")
    bars = base.mark_bar(stroke="#fff", strokeWidth=1.5).encode(
        y=down, y2="high:Q", color=altair.Color("kind:N", scale=fills, legend=legend))
    numbers = base.mark_text(color=INK, fontSize=14).encode(y="middle:Q", text="n:Q")
    return _dressed(bars + numbers)


def _grades(rows: Rows):
    import altair

    grades = {row["grade"]: FILLS.get(row["colour"], OTHER) for row in sorted(rows, key=lambda row: row["position"])}
    months = list(dict.fromkeys(row["month"] for row in rows))
    across = altair.X("month:N", sort=months, title=None, axis=altair.Axis(
        labelAngle=0, labelExpr="split(datum.label, '|')", labelLineHeight=18, domain=False, ticks=False))
    scale = altair.Scale(domain=list(grades), range=list(grades.values()))
    legend = altair.Legend(title=None, labelLimit=400, symbolType="square", symbolSize=260, rowPadding=14)
    base = altair.Chart(altair.InlineData(values=rows)).encode(x=across)
    bars = base.mark_bar(stroke="#fff", strokeWidth=1.5).encode(
        y=altair.Y("low:Q", title=None, scale=altair.Scale(domain=[0, 1]),
                   axis=altair.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False)),
        y2="high:Q", color=altair.Color("grade:N", scale=scale, legend=legend))
    numbers = base.transform_filter(f"datum.n >= {LEAST_NUMBERED}").mark_text(color=INK, fontSize=14).encode(
        y="middle:Q", text="said:N")
    return _dressed(bars + numbers)


def _dressed(chart: Any):
    return chart.properties(width=WIDTH, height=HEIGHT, background="#fff").configure(
        font="Arial, Helvetica, sans-serif").configure_axis(
        labelFontSize=14, labelColor=INK, gridColor=GRID).configure_legend(
        labelFontSize=14, labelColor=INK).configure_view(stroke=None)
