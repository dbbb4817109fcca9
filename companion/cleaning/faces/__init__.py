"""Faces that can be rebuilt from slices of a head: taken away from every slice, or told.

``veil`` says what is cut and whether a face is left, ``heads`` gathers a series' slices and
cuts each of them. Both need numpy, and are imported only where the pictures were looked at.
"""
