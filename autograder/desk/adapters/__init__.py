"""Platforms that grade by themselves: what each is handed to do it with, and what runs in its container.

``gradescope`` makes an archive for a problem set, ``prairielearn`` a folder for an exercise; in the container each asks
the checks as ``mtl-grade run`` does, behind the same sandbox, and writes the platform's ``results.json``. ``common`` is
what both need. A new platform is one file and a line in ``mtl-grade adapter-run``.
"""
