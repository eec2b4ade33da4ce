"""The learner's folder: where it is, what is put into it and kept there, and the server that opens it.

`places`, `versions` and `merge` need nothing else of the companion; the others may import all of it but `terminal`.
"""
