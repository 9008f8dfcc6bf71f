#!/bin/sh
# Runs an example in a new temporary git repository:  run-example.sh LANES NAME [ARGUMENT ...]
set -eu
lanes=$1 name=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/lanes-$name.XXXXXX")
cp -R "$here/$name/." "$folder"
cd "$folder"
git init -q
git config user.name Example
git config user.email example@example.invalid
git add .
git commit -qm "The $name example"
echo "In $folder:"
"$lanes" run "$@"
