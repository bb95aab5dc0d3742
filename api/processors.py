"""How commands that last share the processors."""

from threadpoolctl import threadpool_limits


def one_thread_for_products() -> threadpool_limits:
    """While it is open, NumPy's products of matrices keep to the thread that asks for them.

    Else BLAS shares each among threads, which wait for those that embed texts and for processes
    that read documents: on two processors a build of 518 pages took 135 s for 116 to 122.
    """
    return threadpool_limits(limits=1, user_api="blas")
