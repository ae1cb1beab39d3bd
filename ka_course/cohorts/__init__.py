"""An instructor's cohort: hand out, collect, give feedback, export marks; nbgrader underneath."""
