"""Words and facts, as files that are changed without Python, and the readers that check them.

``library`` finds, reads and translates them; README.md says how each kind is edited.
"""
