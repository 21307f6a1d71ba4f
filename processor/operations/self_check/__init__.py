"""Look whether everything is there that the service needs; each finding with its remedy. Nothing is changed."""
