"""Fit a Poisson regression with a few terms."""

import numpy as np

STEPS = 100
LONGEST = 2.0  # a longer step overshoots where counts are few


def coefficients(count: np.ndarray, exposure: np.ndarray, design: np.ndarray) -> np.ndarray:
    """
    Return the coefficients of a Poisson regression with a log offset, by Newton's steps.

    Parameters
    ----------
    count, exposure
        One of each a row; some count is above 0, every exposure is.
    design
        One column a term, the first the constant.
    """
    line = np.zeros(design.shape[1])
    line[0] = np.log(count.sum() / exposure.sum())
    for _ in range(STEPS):
        mean = exposure * np.exp(design @ line)
        step = np.linalg.lstsq(
            design.T @ (mean[:, None] * design), design.T @ (count - mean), rcond=1e-12
        )[0]
        line += np.clip(step, -LONGEST, LONGEST)
        if np.abs(step).max() < 1e-12:
            break
    return line
