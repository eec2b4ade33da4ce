"""From a learning platform's download into ``submitted/``: who handed in which problem set, when, and what counts.

Nothing of an archive is believed, nobody is taken for somebody else, and nothing that was handed in is lost.
``archive`` walks folders and zips, ``layouts`` reads what a path says, ``contents`` what a notebook is, ``matching``
gives it to a row of the roster or makes it a question, ``attempts`` keeps every version, and ``collect`` is the road
through them.
"""
