"""`aip config`: settings at run time."""
