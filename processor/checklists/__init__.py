"""The handbook's daily and weekly checklists: each item read, judged, shown, recorded and signed."""
