"""The lake that other machines read: its settings, its being brought up after each publication, its command."""
