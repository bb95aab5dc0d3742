from collections.abc import Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

class LogisticRegression:
    def __init__(
        self, *, class_weight: Literal["balanced"] | None = ..., max_iter: int = ...
    ) -> None: ...
    def fit(self, X: csr_array, y: Sequence[str]) -> Self: ...  # noqa: N803
    def predict(self, X: csr_array) -> NDArray[np.str_]: ...  # noqa: N803
