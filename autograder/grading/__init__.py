"""A class's files become records: the course's folder, its assignments, one submission, all of them, one plain file.

It may import everything above it and knows no nbgrader: the gradebook reads its records.
"""
