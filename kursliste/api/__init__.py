"""The public data for programs: read only, frozen rows of current lists, described by OpenAPI."""
