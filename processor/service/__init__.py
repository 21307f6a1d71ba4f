"""The long-running process: engine, duties by the clock, HTTP, signals."""
