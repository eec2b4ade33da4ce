"""The reference library of the course: small files to read after solving the exercise on them.

Nothing is imported here, so that ``import mtl_teach`` costs next to nothing; import the module you need,
for example ``from mtl_teach.losses import masked_loss``.
"""

__version__ = "0.1.0"
