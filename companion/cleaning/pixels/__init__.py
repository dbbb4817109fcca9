"""Pictures of a copy: painted words blacked, faces cut away, every other sample as it was.

``cleaner`` is the door (a ``cleaning.shapes.PictureCleaner``); it needs numpy and the decoders,
and is imported only where the pictures were looked at. ``picture``, ``tidying``, ``streams``
and ``places`` need neither, and run in a visitor's own browser too.
"""
