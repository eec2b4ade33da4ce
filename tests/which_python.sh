#!/bin/sh
# Print the interpreter of a Python version, 3.12 say: the one on the search path, else one that pyenv has.
set -eu
for python in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
    if "$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null; then
        echo "$python"
        exit 0
    fi
done
echo "There is no Python $1 on this machine; install it, or name others with MTL_PYTHONS." >&2
exit 2
