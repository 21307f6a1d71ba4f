"""What the operator may set: `sections` says what there is, `load` reads it in layers and lists every fault."""
