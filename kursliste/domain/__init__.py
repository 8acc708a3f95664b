"""The rules of the trade, in pure Python; see ARCHITECTURE.md, floor 'domain'."""
