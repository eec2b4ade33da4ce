"""Optional data sets from the network: the real thing where it can be had, one sentence where it cannot."""

from collections.abc import Callable
from http.client import HTTPException
from typing import Any


def load_online(name: str, fetch: Callable[[], Any], *, wanted: bool = True) -> Any | None:
    """Return what `fetch` returns, or None with a printed reason if the data set cannot be loaded.

    Parameters
    ----------
    name : str
        What to call the data set.
    fetch : callable without arguments
        Usually one of ``sklearn.datasets.fetch_*``, which keeps a copy for the next time.
    wanted : bool
        False: touch nothing, and say how to change that.

    Examples
    --------
    >>> load_online("California housing", dict, wanted=False)
    California housing is not loaded: set WANT_ONLINE = True to download it.
    """
    if not wanted:
        print(f"{name} is not loaded: set WANT_ONLINE = True to download it.")
        return None
    try:
        loaded = fetch()
    except (OSError, HTTPException) as error:  # URLError, timeouts, and a cache folder that cannot be written
        print(f"{name} could not be loaded ({type(error).__name__}: {error}). The project goes on without it.")
        return None
    print(f"{name} is loaded.")
    return loaded
