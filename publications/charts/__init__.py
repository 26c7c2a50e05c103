"""Charts of one indicator over the provinces, drawn without a screen and equal for equal figures."""
