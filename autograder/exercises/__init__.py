"""One folder an exercise: checks, scenarios, misconceptions, alternatives and metadata."""
