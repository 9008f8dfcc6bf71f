#!/bin/sh
# Stands in for a coding agent: reads its prompt, reports progress, and leaves a file behind.
# Each task takes the time its estimate has in minutes, in hundredths of a second.
set -eu
read -r heading
echo "$heading"
case $LANES_TASK_ID in
  1) steps=30 ;; 2) steps=50 ;; 3) steps=45 ;; 4) steps=40 ;;
  5) steps=45 ;; 6) steps=35 ;; *) steps=60 ;;
esac
for part in 1 2 3 4 5; do
  sleep "0.$(printf %03d $((steps * 2)))"
  echo "::progress $((part * 20)) step $part of 5"
done
mkdir -p done
echo "$LANES_TASK_TITLE" > "done/task-$LANES_TASK_ID.txt"
