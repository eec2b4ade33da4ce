"""The files in these folders are answers, not tests; some begin with test_ after the exercise that they answer."""

collect_ignore_glob = ["*/*.py"]
