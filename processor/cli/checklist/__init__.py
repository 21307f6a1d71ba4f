"""`aip checklist`: go through the lists, and sign their items."""
