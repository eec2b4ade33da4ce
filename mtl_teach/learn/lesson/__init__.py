"""What a lesson shows and a check offers: something to explore or to predict, quick tests, hints and solutions.

May import `progress`, `course_map` and the grader, and nothing that knows of files, servers or commands.
"""
