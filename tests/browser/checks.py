"""What browser tests ask of any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, WCAG and best practices."""
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def overflows(page: Page) -> bool:
    """The page scrolls sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def enlarge_text(page: Page, percent: int = 200) -> None:
    """As a reader does who sets a larger text in the browser."""
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")


_OUT_OF_ITS_BOX = """() => {
  const inline = (style) => style.display === 'inline' || style.display === 'contents';
  const scrolls = (style) => ['auto', 'scroll'].includes(style.overflowX);
  const styles = new Map();
  const styleOf = (element) => {
    if (!styles.has(element)) { styles.set(element, getComputedStyle(element)); }
    return styles.get(element);
  };
  const ancestors = function* (element) {
    for (let one = element; one; one = one.parentElement) { yield [one, styleOf(one)]; }
  };
  const found = [];
  const width = document.documentElement.clientWidth;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const home = text.parentElement;
    // Drawings are scaled as a whole; options are the browser's own; the rest shows no text.
    if (!text.data.trim() || home.closest('svg, option, textarea, script, style, template')) {
      continue;
    }
    const chain = [...ancestors(home)];
    // What is only for screen readers is clipped on purpose; what scrolls can be reached.
    if (chain.some(([one, style]) => style.visibility === 'hidden' || style.clipPath !== 'none'
        || (scrolls(style) && one !== document.documentElement))) {
      continue;
    }
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()];
    const [box] = chain.find(([, style]) => !inline(style));
    // The words themselves: the colour behind a value may reach over, and a bar over both sides.
    const { left, right } = box.getBoundingClientRect();
    if (boxes.some((one) => one.right > Math.min(right, width) + 1
        || one.left < Math.max(left, 0) - 1)) {
      found.push(text.data.trim().slice(0, 60));
    }
  }
  return found;
}"""


def words_out_of_their_box(page: Page) -> list[str]:
    """Texts that leave the screen, or the box that they stand in: cut off, or over others."""
    return list(page.evaluate(_OUT_OF_ITS_BOX))
