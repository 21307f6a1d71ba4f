"""`aip alerts`: bring old alert rules along."""
