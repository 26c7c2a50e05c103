"""The answers to the provinces: made, and put into their folders or kept until they can be."""
