"""An answer meets its checks: how it is asked, what the checks say, and which known mistake it behaves like.

It may import the engine, the vocabulary of checks and the catalogue; it knows neither classes nor notebooks.
"""
