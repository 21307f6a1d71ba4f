"""Reports on their way to people: by e-mail and by webhook."""
