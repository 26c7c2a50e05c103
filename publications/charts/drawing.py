"""Charts of one indicator over the provinces: bars, and slopes from the same period before to now.

They can be told apart in grey print and by whoever does not see colours: what is estimated or disputed is hatched and
has a sign, what falls is dashed, and every value stands beside its mark. Equal charts give equal bytes.
"""

from publications.charts.bar_chart import draw_bars
from publications.charts.slope_chart import draw_slope
from publications.charts.values import DISPUTED, ESTIMATED, Chart, ChartPoint

__all__ = ["DISPUTED", "ESTIMATED", "Chart", "ChartPoint", "draw_bars", "draw_slope"]
