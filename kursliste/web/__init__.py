"""What all pages share; see ARCHITECTURE.md, floor 'web'."""
