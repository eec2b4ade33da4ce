"""The four files that a sandbox sees beside the libraries: channel, lockdown, worker, zygote.

They import nothing of ours but each other, so that they run where there is no ``autograder``.
"""
