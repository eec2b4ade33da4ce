#!/bin/sh
# Make PLACE/env, an environment that every user of this machine can run: by a Python that they can, outside any home
# folder, with the packages of another one. Prints the checkout that it reads, a copy where only its owner can enter.
#
#   tests/environment_for_others.sh PLACE [ENVIRONMENT]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
place=$1
first=$(cd "${2:-$root/.venv}" && pwd)
version=$("$first/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
system=$(sh "$root/tests/python_for_others.sh" "$version")

anybody="setpriv --reuid 65534 --regid 65534 --clear-groups"
chmod 755 "$place"
if ! $anybody test -r "$root/pyproject.toml" -a -r "$first/pyvenv.cfg"; then
    cp -a "$root" "$place/checkout"
    [ "$first" = "$root/.venv" ] || cp -a "$first" "$place/checkout/.venv"
    root=$place/checkout first=$place/checkout/.venv
fi
"$system" -m venv --without-pip "$place/env"
packages='import sysconfig; print(sysconfig.get_path("purelib"))'
{ echo "$first/lib/python$version/site-packages"; echo "$root"; } > "$("$place/env/bin/python" -c "$packages")/borrowed.pth"
for folder in share etc; do # what extensions of Jupyter install beside their packages
    [ ! -d "$first/$folder" ] || cp -RL "$first/$folder" "$place/env/"
done
echo "$root"
