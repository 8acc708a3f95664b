"""Who is who: signing in and out, the own account."""
