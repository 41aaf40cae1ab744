"""Independent random streams, and draws from them."""

import hashlib

import numpy as np
from numpy.random import Generator


def stream(name: str, *, seed: int) -> Generator:
    """
    Return the random stream of a name, the same for the same name and seed.

    Each table, and each block of a large table, has a name of its own, so that a change in how
    one is made leaves the others as they were.
    """
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype=np.uint32)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(words.tolist())))


def draw(rng: Generator, weights: np.ndarray, row: np.ndarray) -> np.ndarray:
    """
    Draw one column number for each entry of `row`, by the weights in that row of `weights`.

    Parameters
    ----------
    rng
        The random stream.
    weights
        One row of non-negative weights a kind of thing; rows need not sum to one.
    row
        For each draw, the row of `weights` to use.
    """
    weights = np.atleast_2d(np.asarray(weights, dtype=float))
    upper = weights.cumsum(axis=1)
    upper = upper / upper[:, -1:]
    # rows laid end to end, each raised by its number, turn many lookups into one binary search
    edges = (upper + np.arange(len(weights))[:, None]).ravel()
    found = np.searchsorted(edges, row + rng.random(len(row)), side="right")
    column = found - row * weights.shape[1]
    last_possible = weights.shape[1] - 1 - (weights[:, ::-1] > 0).argmax(axis=1)
    return np.minimum(column, last_possible[row])


def draw_one(rng: Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """Draw `size` column numbers by one set of weights."""
    return draw(rng, np.atleast_2d(weights), np.zeros(size, dtype=np.int64))


def shares_to_counts(shares: np.ndarray, total: int) -> np.ndarray:
    """Return whole counts in proportion to `shares` that sum to `total` (largest remainder)."""
    exact = np.asarray(shares, dtype=float) / np.sum(shares) * total
    counts = np.floor(exact).astype(np.int64)
    short = total - counts.sum()
    counts[np.argsort(counts - exact, kind="stable")[:short]] += 1
    return counts
