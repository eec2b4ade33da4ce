"""Quick tests: their banks of questions (``NN.toml``), each question as an exercise, and the assignment made of them.

It may import the exercises, whose wrong answers are the wrong options, and what stands above them.
"""
