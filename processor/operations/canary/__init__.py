"""The canary: a synthetic issue goes the whole way in a sandbox repository, and is taken back."""
