"""The ``mtl-teach`` command, and the checks of a saved file in a process of its own.

May import every other room; none imports it.
"""
