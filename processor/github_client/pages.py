"""Remember the last answer of each address with its ETag, so that asking again costs nothing when nothing changed."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

_MOST_CHARACTERS = 50_000_000


@dataclass(frozen=True)
class Page:
    """One answer, parsed, with the tag under which GitHub knows it; `size` is that of its body in characters."""

    etag: str
    value: Any
    has_next: bool
    size: int


class Pages:
    """The pages last seen, for all threads; the least recently used go first when they grow too large."""

    def __init__(self, most_characters: int = _MOST_CHARACTERS) -> None:
        self._most_characters = most_characters
        self._characters = 0
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
            earlier = self._pages.pop(key, None)
            self._pages[key] = page
            self._characters += page.size - (earlier.size if earlier else 0)
            while self._characters > self._most_characters:
                _, oldest = self._pages.popitem(last=False)
                self._characters -= oldest.size

    def clear(self) -> int:
        """Forget all pages, and tell how many there were."""
        with self._lock:
            count = len(self._pages)
            self._pages.clear()
            self._characters = 0
            return count
