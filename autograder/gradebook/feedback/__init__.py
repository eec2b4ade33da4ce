"""What students get back: one page a submission, from the record, the notebook and the gradebook.

``entered`` reads the marks, ``asked`` what was asked, ``page`` says what a page says, ``text`` and ``look`` how it is
shown, ``write`` which pages are due. What a student wrote is data in all of them.
"""
