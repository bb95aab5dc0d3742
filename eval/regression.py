"""Logistic regression by Newton's method."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_STEPS = 25


def logistic(
    rows: Numbers, wanted: NDArray[np.bool_], *, around: Numbers, held: Numbers
) -> Numbers:
    """Weights of the columns, each held to its value in `around` as firmly as `held` says."""
    weights, labels = around.copy(), wanted.astype(np.float64)
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (chance - labels) + held * (weights - around)
        curve = (rows.T * (chance * (1 - chance))) @ rows + np.diag(held)
        weights -= np.linalg.solve(curve, slope)
    return weights
