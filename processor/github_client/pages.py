"""Remember the last answer of each address with its ETag, so that asking again costs nothing when nothing changed."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

_MOST_PAGES = 2000


@dataclass(frozen=True)
class Page:
    """One answer, parsed, with the tag under which GitHub knows it."""

    etag: str
    value: Any
    has_next: bool


class Pages:
    """The pages last seen, for all threads; the least recently used go first when there are too many."""

    def __init__(self, most_pages: int = _MOST_PAGES) -> None:
        self._most_pages = most_pages
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()

    def get(self, key: Hashable) -> Page | None:
        """Give the page of this address, None when it was never seen."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Page) -> None:
        """Remember the page."""
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)
            while len(self._pages) > self._most_pages:
                self._pages.popitem(last=False)
