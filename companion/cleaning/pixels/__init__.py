"""Pictures of a copy: painted words blacked, and every other sample as it was.

``picture``, ``tidying``, ``streams`` and ``places`` need no numpy, and run in a visitor's own
browser too. The others are imported only where the pictures were looked at.
"""
