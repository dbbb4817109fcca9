"""Ask: choose a checklist, walk through it, take the plan along."""
