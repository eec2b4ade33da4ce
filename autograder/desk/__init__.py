"""The instructor's commands, ``mtl-grade``."""
