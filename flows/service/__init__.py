"""What keeps a home going: its Prefect server, its workers, and the deployments registered there."""
