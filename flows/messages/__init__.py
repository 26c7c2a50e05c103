"""Messages out of the house: the office's channels, and one message through each kind of them."""
