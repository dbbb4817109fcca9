"""A report as the page shows it: what was found, joined with plain words."""

from companion.web.scans.report.page import Page, build

__all__ = ["Page", "build"]
