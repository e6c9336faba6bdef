"""Wraps a picture into one HTML page that needs nothing else."""

from __future__ import annotations

from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ margin: 0; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }}
  header {{ padding: 1.2rem 1.5rem 0.4rem; }}
  h1 {{ font-size: 1.25rem; margin: 0; }}
  p {{ margin: 0.2rem 0 0; max-width: 60rem; opacity: 0.75; }}
  main {{ overflow: auto; padding: 0.5rem 1rem 2rem; }}
</style>
<header><h1>{title}</h1><p>{description}</p></header>
<main>
{picture}</main>
</html>
"""


def page_of(picture: str, title: str, description: str) -> str:
    """An HTML page around an SVG picture."""
    return _PAGE.format(title=escape(title), description=escape(description), picture=picture)
