"""Anyone tells that a published course is not right any more; providers and coordinators settle."""
