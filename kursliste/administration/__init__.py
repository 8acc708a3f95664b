"""What would otherwise need a console: people, outbox, journal, texts of the site."""
