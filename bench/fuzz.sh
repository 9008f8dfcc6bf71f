#!/bin/sh
# Feeds the readers random bytes, grown from real task files, for SECONDS_TO_RUN (60) seconds.
# A crash leaves its input in the folder that is named at the end.
set -eu
cd "$(dirname "$0")/.."
seconds=${SECONDS_TO_RUN:-60}
build=${FUZZ_BUILD:-.build/fuzz}
LANES_FUZZ=1 swift build --configuration release --product FuzzReaders --scratch-path "$build"
work=$(mktemp -d)
mkdir "$work/corpus" "$work/found"
cp Tests/CoreTests/Fixtures/fuzz/*.json Tests/CoreTests/Fixtures/corpus/*.json "$work/corpus"
rm "$work/corpus/expected.json"
# Swift's own crash reporter would keep libFuzzer from saving the input.
# Short inputs first: most of what can go wrong fits into a line.
for length in 512 16384; do
  SWIFT_BACKTRACE=enable=no "$build/release/FuzzReaders" -max_len=$length -max_total_time=$((seconds / 2)) -timeout=10 \
    -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 -artifact_prefix="$work/found/" \
    "$work/corpus" || { echo "the input is in $work/found" >&2; exit 1; }
done
rm -r "$work"
