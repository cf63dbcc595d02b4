"""The worked cases as charts, for what the patterns answer on them."""

import polars as pl

from monitor.clinical.facts.chartfile import read_chart
from tests.clinical.casefile import all_variants


def charts() -> dict[str, pl.DataFrame]:
    return {one.title: read_chart(one.chart()).facts for one in all_variants()}
