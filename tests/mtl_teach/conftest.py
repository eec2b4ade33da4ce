"""Settings of the library's tests."""

from hypothesis import settings

# On a shared machine the first call of a torch function can take any time: a deadline would test the machine.
settings.register_profile("library", deadline=None, derandomize=True)
settings.load_profile("library")
