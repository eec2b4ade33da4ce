"""The course in a web page, where Python itself runs in the browser and nothing is installed.

What is kept there, what a newer version of the course changes in it, and what a learner takes along.
"""
