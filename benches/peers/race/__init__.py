"""The race: one process for each phase of each system, and one table of what they say."""
