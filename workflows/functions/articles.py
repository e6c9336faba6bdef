"""Functions of the content workflow."""

from __future__ import annotations

import re
import unicodedata

from translator.error_classes import Validation
from translator.work.registered_function import function


@function
def check_article(title: str, text: str) -> dict[str, str | int]:
    """An article's `slug` for its address and its number of `words`; refuses one without title or text."""
    if not text.strip():
        raise Validation("the article has no text")
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    if not slug:
        raise Validation(f'the title "{title}" has no letter or digit to make an address of')
    return {"slug": slug, "words": len(text.split())}
