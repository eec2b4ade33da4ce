#!/bin/sh
# Print a Python of this version that every user of this machine can run and that makes environments.
#
#   tests/python_for_others.sh VERSION
set -eu
version=$1
anybody=
[ "$(id -u)" != 0 ] || anybody="setpriv --reuid 65534 --regid 65534 --clear-groups"
right='import sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])'
# A version manager's Python lies in somebody's home folder, and what stands first in PATH may be an environment's.
for folder in /usr/bin /usr/local/bin /opt/python/bin $(echo "$PATH" | tr : ' '); do
    for python in "$folder/python$version" "$folder/python3"; do
        [ -x "$python" ] && [ ! -e "$folder/../pyvenv.cfg" ] || continue
        if (cd / && $anybody "$python" -c "$right" "$version") 2>/dev/null; then
            echo "$python"
            exit 0
        fi
    done
done
echo "There is no python$version that every user can run: apt-get install python$version-venv" >&2
exit 2
