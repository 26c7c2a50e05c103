"""The draft of the cluster's report, on demand: the same that lies beside the published tables."""
