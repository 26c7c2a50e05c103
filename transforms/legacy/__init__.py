"""Text in the fonts of before Unicode: told by font and by spelling, and turned into Unicode."""
