"""``python -m kursliste`` is the command line."""

from kursliste.cli import main

if __name__ == "__main__":
    main()
