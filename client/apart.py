"""Slow work in a process of its own: what opens and locks age files holds up every thread.

It must not be given anything that cannot be sent to another process, nor be used in the service.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def apart(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do something in another process, so that this one goes on meanwhile.

    Args:
        work: a function of a module.
        given: what it takes; secrets go by a pipe to a process of ours, and nowhere else.
        named: the same, by name.
    """
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        return await asyncio.wrap_future(pool.submit(work, *given, **named))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
