"""What each route answers: the models behind the OpenAPI description. Times are seconds since the epoch."""
