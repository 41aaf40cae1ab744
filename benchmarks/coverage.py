"""
In how many of a hundred simulated worlds each interval of the briefing holds the truth.

    python benchmarks/coverage.py --draws 150

Each line plants a truth, draws records as they come (several offences of one incident, months that
vary together and resemble the month before, areas that differ) and makes the interval as the pages
do. "Alone" is the same interval for independent offences. Prints the table of
docs/methods/rates.md. Seeded; 150 draws take about four minutes of CPU.
"""

import argparse
import time

import numpy as np
import pandas as pd

from vrn_analysis.methods import disproportionality, evaluation, hotspots, inequality, rates, trends

MONTHS = pd.date_range("2020-04-01", periods=48, freq="MS")
SEASON = 1 + 0.12 * np.cos(2 * np.pi * (MONTHS.month - 7) / 12)
SIZES, CHANCE = np.array([1, 2, 3, 4]), np.array([0.80, 0.12, 0.05, 0.03])
DISTRICTS = np.array([90, 40, 40, 35, 35, 25, 25, 20, 15.0])
LIKE = 0.3  # of a month's effect and the next one's
# standard deviation of the month's effect, and likeness of neighbours
WORLDS = {
    "independent": (False, 0.0, 0.0),
    "incidents": (True, 0.0, 0.0),
    "incidents, months": (True, 0.12, 0.0),
    "incidents, months alike": (True, 0.12, LIKE),
}


def clustered(rng, mean, *, incidents=True):
    """Return counts of the given means, one offence an incident or several."""
    if not incidents:
        return rng.poisson(mean)
    per = CHANCE @ SIZES
    return sum(
        size * rng.poisson(mean * part / per) for size, part in zip(SIZES, CHANCE, strict=True)
    )


def effects(rng, spread, like, *, areas=1):
    """Return a common effect of each month and, half as variable, one of each area."""

    def series(number):
        noise = rng.normal(size=(len(MONTHS), number))
        for at in range(1, len(MONTHS)):
            noise[at] = like * noise[at - 1] + np.sqrt(1 - like**2) * noise[at]
        return noise

    both = spread * series(1) + spread / 2 * series(areas) * (areas > 1)
    width = spread * np.sqrt(1 + 0.25 * (areas > 1))
    return np.exp(both - width**2 / 2)


def panel(rng, levels, world, *, growth=1.0):
    """Return one row an area and month, and the expected count of each area over all months."""
    incidents, spread, like = world
    trend = growth ** (np.arange(len(MONTHS)) / 12)
    mean = SEASON.to_numpy()[:, None] * trend[:, None] * np.asarray(levels)
    counts = clustered(
        rng, mean * effects(rng, spread, like, areas=len(levels)), incidents=incidents
    )
    codes = [f"A{number:03d}" for number in range(len(levels))]
    table = pd.DataFrame(counts, MONTHS.rename("month"), pd.Index(codes, name="area_code"))
    return table.stack().rename("count").astype("Int64").reset_index(), mean.sum(axis=0)


def sizes_of(rng, world, number=2_000):
    """Return the sizes of incidents that a run would have seen."""
    return pd.Series(
        rng.choice(SIZES, number, p=CHANCE) if world[0] else np.ones(number, dtype=int)
    )


def held(table, truth):
    """Return the share of rows whose 95 % interval holds the truth."""
    return float(((table["lower_95_ci"] <= truth) & (truth <= table["upper_95_ci"])).mean())


def area_rates(levels, *, by=None):
    """Return a draw of rates of areas, or of the whole, without and with dispersion."""

    def draw(rng, world):
        months, expected = panel(rng, levels, world)
        table = months.groupby("area_code", as_index=False)["count"].sum().assign(denominator=1e5)
        if by is None:
            table = pd.DataFrame({"count": [table["count"].sum()], "denominator": 1e5})
            months = months.groupby("month", as_index=False)["count"].sum()
            expected = expected.sum()
        told = rates.with_dispersion(table, months, by=by, incidents=sizes_of(rng, world))
        return tuple(held(rates.crude_rate(one, per=1e5), expected) for one in (table, told))

    return draw


def month_count(rng, world):
    """One month's count, around what that month's effect makes it."""
    counts = clustered(rng, np.full(200, 60.0), incidents=world[0])
    table = pd.DataFrame({"count": counts})
    told = rates.with_dispersion(table, incidents=sizes_of(rng, world))
    return tuple(held(rates.count_interval(one), 60) for one in (table, told))


def change(rng, world):
    """The latest year over the year before, where nothing changed."""
    months = panel(rng, [100.0], world)[0]["count"]
    years = months.iloc[-24:-12].sum(), months.iloc[-12:].sum()
    spread = max(
        rates.dispersion_of_series(months), rates.dispersion_of_incidents(sizes_of(rng, world))
    )
    found = (trends.change_between(years[0], 1, years[1], 1, dispersion=d) for d in (None, spread))
    return tuple(held(one, 1) for one in found)


def power(rng, world):
    """A fall of the size that is said to be seen four times in five: is it seen?"""
    months = panel(rng, [100.0], world)[0]["count"]
    before = int(months.iloc[-12:].sum())
    spread = max(
        rates.dispersion_of_series(months), rates.dispersion_of_incidents(sizes_of(rng, world))
    )
    seen = []
    for one in (1.0, spread):
        fall = trends.smallest_detectable_change(before, dispersion=one)["smallest_fall"].iloc[0]
        fallen = panel(rng, [100.0 * (1 - fall / 100)], world)[0]["count"].iloc[-12:].sum()
        told = trends.change_between(before, 1, fallen, 1, dispersion=one)
        seen.append(float(told["upper_95_ci"].iloc[0] < 1))
    return tuple(seen)


def trend(rng, world):
    """The yearly trend of the months, five per cent a year."""
    months, _ = panel(rng, [60.0], world, growth=1.05)
    whole = trends.fit_trend(months[["month", "count"]], breaks=None).head(1)
    return np.nan, held(whole, 1.05)


def gradient(rng):
    """Fifths of small areas on a log-linear gradient; areas of one fifth differ by 50 %."""
    areas, steep = 30, 5.8
    place = np.repeat([0.9, 0.7, 0.5, 0.3, 0.1], areas)
    people = rng.integers(1_000, 2_500, 5 * areas)
    apart = np.exp(0.5 * rng.normal(size=5 * areas) - 0.125)
    rate = 0.02 * steep ** (place - 0.5)
    small = pd.DataFrame({"quintile": np.repeat(range(1, 6), areas), "denominator": people})
    small["count"] = clustered(rng, people * rate * apart)
    groups = small.groupby("quintile", as_index=False)[["count", "denominator"]].sum()
    told = groups.merge(rates.dispersion_of_areas(small, by="quintile"))
    true = groups.assign(count=np.round(groups["denominator"] * np.unique(rate)[::-1] * 1e4))
    true = true.assign(denominator=groups["denominator"] * 1e4).astype({"count": "int64"})
    out = []
    for one in (groups, told):
        index, planted = inequality.slope_index(one), inequality.slope_index(true)["value"]
        row = [held(rates.crude_rate(one, per=1), np.unique(rate)[::-1])]
        row += [held(inequality.relative_gap(one).head(1), steep**0.8)]
        out.append(row + [held(index.iloc[[at]], planted[at]) for at in (0, 1)])
    return np.array(out)


def people(rng, world):
    """Men over women among victims, of whom several are hurt in one incident."""
    number, most = (SIZES, CHANCE) if world[0] else (np.array([1]), np.array([1.0]))
    each = rng.choice(number, rng.poisson(300 / (number @ most)), p=most)
    # the victims of one incident are mostly of one sex
    men = rng.binomial(each, rng.choice([0.95, 0.3], len(each), p=[0.6, 0.4]))
    table = pd.DataFrame({"sex": ["Male", "Female"], "count": [men.sum(), (each - men).sum()]})
    table["denominator"] = 1_000
    share = 0.6 * 0.95 + 0.4 * 0.3
    true = share / (1 - share)
    given = {"basis": "sex as recorded", "reference": "Female", "group": "sex"}
    spread = rates.dispersion_of_incidents(pd.Series(each))
    return tuple(
        held(
            disproportionality.disproportionality(table, dispersion=one, **given),
            true,
        )
        for one in (1.0, spread)
    )


def standardised(rng, world):
    """A directly standardised rate of four bands of age."""
    bands = ["15-19", "20-24", "25-29", "30-34"]
    at_risk, risk = np.array([6e3, 7e3, 5e3, 6e3]), np.array([0.012, 0.010, 0.006, 0.004])
    counts = clustered(rng, at_risk * risk, incidents=world[0])
    table = pd.DataFrame({"age_band": bands, "count": counts, "denominator": at_risk})
    weight = rates.ESP2013[bands].to_numpy()
    true = (weight * risk).sum() / weight.sum() * 1e5
    spread = rates.dispersion_of_incidents(sizes_of(rng, world))
    found = (rates.age_standardised_rate(table, by=[], dispersion=d) for d in (1.0, spread))
    return tuple(held(one, true) for one in found)


def funnel(rng):
    """Middle areas that differ as they usually do (30 %): how many lie inside the limits."""
    at_risk = rng.integers(5_000, 12_000, 60)
    apart = np.exp(0.3 * rng.normal(size=60) - 0.045)
    table = pd.DataFrame({"count": clustered(rng, at_risk * 0.02 * apart), "denominator": at_risk})
    found = (rates.funnel_limits(table, benchmark=20, over_dispersion=w) for w in (False, True))
    return tuple(float((one["funnel_result"] == "within").mean()) for one in found)


def grid(side):
    """Return the codes of areas on a grid, and which touch."""
    codes = np.array([f"A{number:03d}" for number in range(side * side)]).reshape(side, side)
    pairs = [(codes[:-1].ravel(), codes[1:].ravel()), (codes[:, :-1].ravel(), codes[:, 1:].ravel())]
    both = [pair for one, other in pairs for pair in ((one, other), (other, one))]
    table = [pd.DataFrame({"area_code": one, "neighbour_code": other}) for one, other in both]
    return pd.concat(table)


def smoothed(rng, world):
    """Rates of middle areas that differ by 50 %, smoothed over their neighbours."""
    at_risk = rng.integers(5_000, 12_000, 64)
    level = at_risk * 0.02 * rng.gamma(4, 0.25, 64) / 48
    months, expected = panel(rng, level, world)
    table = months.groupby("area_code", as_index=False)["count"].sum().assign(denominator=at_risk)
    told = rates.with_dispersion(table, months, by="area_code", incidents=sizes_of(rng, world))
    pair = (rates.spatial_rate(one, grid(8), per=1) for one in (table, told))
    return tuple(held(one, expected / at_risk) for one in pair)


def score(rng, world):
    """The share of next year's offences caught by cells flagged beforehand."""
    level = np.sort(rng.gamma(0.4, 8, 400))[::-1]
    now, after = (clustered(rng, level, incidents=world[0]) for _ in range(2))
    table = pd.DataFrame({"count": now, "next_count": after, "flag": np.arange(400) < 20})
    spread = rates.dispersion_of_incidents(sizes_of(rng, world))
    out = []
    for one in (1.0, spread):
        found = hotspots.accuracy(table, scores=["flag"], dispersion=one)
        row = found[(found["score"] == "flag") & (found["measure"] == "hit_rate")]
        out.append(held(row, level[:20].sum() / level.sum()))
    return tuple(out)


def local(rng, world):
    """A local effect of 0.7 in one of nine districts."""
    incidents, spread, like = world
    mean = SEASON.to_numpy()[:, None] * DISTRICTS * effects(rng, spread, like, areas=9)
    mean[-12:, 1] *= 0.7
    counts = clustered(rng, mean, incidents=incidents)
    table = pd.DataFrame(counts, MONTHS.rename("month"), [f"A{n}" for n in range(9)])
    table = table.rename_axis(columns="area_code").stack().rename("count").reset_index()
    row = evaluation.difference_in_differences(table, areas=["A1"], start=MONTHS[-12])
    return np.nan, held(row, 0.7)


ALL_WORLDS, BY_INCIDENT = list(WORLDS), list(WORLDS)[:2]
LINES = {
    "Headline count or rate": (area_rates([100.0]), ALL_WORLDS),
    "Rate of a district": (area_rates(DISTRICTS, by="area_code"), ALL_WORLDS),
    "Rate of a middle area": (area_rates(np.full(60, 2.5), by="area_code"), ALL_WORLDS),
    "Smoothed rate of a middle area": (smoothed, ALL_WORLDS),
    "Count of one month": (month_count, BY_INCIDENT),
    "Change between two years": (change, ALL_WORLDS),
    "Trend a year": (trend, ALL_WORLDS),
    "Local effect beside other districts": (local, ALL_WORLDS),
    "Ratio of people (sex)": (people, BY_INCIDENT),
    "Directly standardised rate": (standardised, BY_INCIDENT),
    "Score of a hotspot map (hit rate)": (score, BY_INCIDENT),
}
FUNNEL, SMALLEST = "Funnel limits: areas inside", "Smallest change seen (80 % wanted)"
FIFTHS = (
    "Rate of a fifth",
    "Ratio of most to least deprived fifth",
    "Slope index",
    "Relative index",
)


def lines(draws, only):
    """Yield a line of the table: interval, what varies, coverage alone and as the pages make it."""
    for name, (draw, worlds) in LINES.items():
        for world in worlds if only in name else ():
            rng = np.random.default_rng(20_240_401)
            # a draw of 64 areas tells as much as many of one
            number = max(draws // 10, 1) if draw is smoothed else draws
            found = np.array([draw(rng, WORLDS[world]) for _ in range(number)])
            yield name, world, *found.mean(axis=0)
    if only in FUNNEL:
        rng = np.random.default_rng(20_240_402)
        found = np.array([funnel(rng) for _ in range(draws)])
        yield FUNNEL, "areas, incidents", *found.mean(axis=0)
    if any(only in name for name in FIFTHS):
        rng = np.random.default_rng(20_240_402)
        both = np.mean([gradient(rng) for _ in range(draws)], axis=0)
        for name, alone, shown in zip(FIFTHS, *both, strict=True):
            yield name, "areas, incidents", alone, shown
    for world in ALL_WORLDS if only in SMALLEST else ():
        rng = np.random.default_rng(20_240_403)
        seen = np.mean([power(rng, WORLDS[world]) for _ in range(max(draws // 4, 1))], axis=0)
        yield SMALLEST, world, *seen


def main():
    """Print the table, a line as soon as it is known."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    options.add_argument("--draws", type=int, default=150, help="simulated worlds a line")
    options.add_argument("--only", default="", help="lines whose name holds this")
    asked, start = options.parse_args(), time.perf_counter()
    print("| interval | what varies | alone | as shown |\n| --- | --- | --- | --- |")
    for name, world, alone, shown in lines(asked.draws, asked.only):
        before = "" if np.isnan(alone) else f"{100 * alone:.1f}"
        print(f"| {name} | {world} | {before} | {100 * shown:.1f} |", flush=True)
    print(f"\n{asked.draws} draws, {time.perf_counter() - start:.0f} seconds")


if __name__ == "__main__":
    main()
