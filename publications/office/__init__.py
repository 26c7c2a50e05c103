"""What the chair's office reads and sends: the run page, who is late, a source cell, the reminder, a marked report."""
