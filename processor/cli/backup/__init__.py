"""`aip backup`: one module per command."""
