"""Layouts: how a district's list looks, with a preview of the page and of the Excel file."""
