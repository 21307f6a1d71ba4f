"""Auto Issue Processor A2A: a labelled GitHub issue becomes one pull request."""
