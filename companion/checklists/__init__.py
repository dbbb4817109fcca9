"""Questions and answers in, what to ask and what to do next out. Pure: no Django.

``reading.load()`` gives the checklists; ``choosing.choose()`` the questions for one
patient; ``answers`` the patient's notes; ``plan.make()`` what follows; ``dates.calendar()``
the days as iCalendar; ``paper`` what a printed page holds.
"""
