"""Where the provinces' files are read: in children with limits on this machine, or on a Dask cluster."""
