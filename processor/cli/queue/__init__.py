"""`aip queue`: what waits, what works, what ended, and an operator's word on each."""
