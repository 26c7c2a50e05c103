"""The draft of the cluster's report: its words from the catalogue, its figures from the marts, as .docx and .md."""
