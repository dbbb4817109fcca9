"""Facts in, a letter that is right for its place and its writer out. Pure: no Django.

``catalogue`` holds all letters; ``case.Case`` is one patient's, with the answers;
``letter.compose`` writes it, and ``text``, ``word``, ``calendar`` and ``pdf`` give it a form.
``rights`` works out when an answer is due.
"""
