"""What must hold: rules of the catalogue as Great Expectations suites, findings, verdicts."""
