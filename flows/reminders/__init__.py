"""Who is late, and the reminders that they get."""
