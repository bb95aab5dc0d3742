from collections.abc import Sequence
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

def hstack(blocks: Sequence[csr_array], format: Literal["csr"]) -> csr_array: ...

class csr_array:  # noqa: N801
    @overload
    def __init__(
        self,
        arg1: tuple[NDArray[np.float32], NDArray[np.intp], Sequence[int]],
        shape: tuple[int, int],
    ) -> None: ...
    @overload
    def __init__(self, arg1: NDArray[np.float32]) -> None: ...
    def __getitem__(self, rows: Sequence[int]) -> csr_array: ...
    @property
    def T(self) -> csr_array: ...  # noqa: N802
    @overload
    def __matmul__(self, other: csr_array) -> csr_array: ...
    @overload
    def __matmul__(self, other: NDArray[np.float32]) -> NDArray[np.float32]: ...
    def toarray(self) -> NDArray[np.float32]: ...
