"""A synthetic history of the cluster from 2016H1 to 2025H2 around the real returns of 2021H1; see docs/history.md."""
