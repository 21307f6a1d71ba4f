"""Records as GitHub's JSON, with GitHub's field names."""
