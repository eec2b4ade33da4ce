"""From text sources to what is handed out: notebooks, the students' versions, the gates, lessons, a new exercise.

It may import everything above it, and nbgrader for its ``generate_assignment``; it knows no class and no course.
"""
