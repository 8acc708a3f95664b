"""For counsellors and coordinators: the current list with what the public does not see, notes."""
