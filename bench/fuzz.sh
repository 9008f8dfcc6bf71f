#!/bin/sh
# Feeds each reader random bytes, grown from real inputs, for SECONDS_TO_RUN (60) seconds in all.
# READERS chooses among json, yaml, markdown, specs and agents (their output).
# A crash leaves its input in the folder that is named at the end.
set -eu
cd "$(dirname "$0")/.."
readers=${READERS:-json yaml markdown specs agents}
seconds=$((${SECONDS_TO_RUN:-60} / $(echo "$readers" | wc -w)))
build=${FUZZ_BUILD:-.build/fuzz}
LANES_FUZZ=1 swift build --configuration release --product FuzzReaders --scratch-path "$build"
# In memory where there is such a folder: some readers take files, and write them through to the disk.
work=$(mktemp -d -p "$(test -d /dev/shm && echo /dev/shm || echo /tmp)")
mkdir "$work/found"
for reader in $readers; do
  cp -r "Tests/CoreTests/Fixtures/fuzz/$reader" "$work/$reader"
done
[ ! -d "$work/json" ] || cp Tests/CoreTests/Fixtures/corpus/*.json "$work/json" && rm -f "$work/json/expected.json"
[ ! -d "$work/markdown" ] || cp examples/*/P*.md "$work/markdown"
[ ! -d "$work/yaml" ] || cp examples/tracks/docs/planning/tasks/*.yaml "$work/yaml"
# Swift's own crash reporter would keep libFuzzer from saving the input.
# Short inputs first: most of what can go wrong fits into a line.
for reader in $readers; do
  for length in 512 16384; do
    echo "== $reader, up to $length bytes"
    TMPDIR=$work FUZZ_READER=$reader SWIFT_BACKTRACE=enable=no "$build/release/FuzzReaders" -max_len=$length \
      -max_total_time=$(((seconds + 1) / 2)) -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
      -print_final_stats=1 -artifact_prefix="$work/found/" "$work/$reader" \
      || { echo "the input is in $work/found" >&2; exit 1; }
  done
done
rm -rf "$work"
