"""From a situation to the courses that fit; nothing about anybody is stored or logged."""
