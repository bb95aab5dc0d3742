import numpy as np
from numpy.typing import NDArray

def cho_factor(
    a: NDArray[np.float32],
    lower: bool = ...,
    overwrite_a: bool = ...,
    check_finite: bool = ...,
) -> tuple[NDArray[np.float32], bool]: ...
def cho_solve(
    c_and_lower: tuple[NDArray[np.float32], bool],
    b: NDArray[np.float32],
    overwrite_b: bool = ...,
    check_finite: bool = ...,
) -> NDArray[np.float32]: ...
