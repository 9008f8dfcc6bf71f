#!/bin/sh
# Makes the pictures of docs/: a screenshot per theme, and the demo of the seven tasks.
#   docs/screens/record.sh LANES
set -eu
lanes=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
screen() { tmux -S "$work/tmux" "$@"; }
trap 'screen kill-server 2>/dev/null || true; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 COLORTERM=truecolor
mkdir -p "$work/home/.config/lanes"
cp -r "$root/themes" "$work/home/.config/lanes/"

# The example in a folder of its own, slow enough to be watched; one task fails the first time.
prepare() {
  rm -rf "$work/shop"
  cp -r "$root/examples/ecommerce" "$work/shop"
  cat > "$work/shop/worker.sh" <<'WORKER'
read -r heading
echo "$heading"
for part in 1 2 3 4 5 6 7 8; do
  sleep "0.$((3 + (LANES_TASK_ID + part) % 4))"
  echo "compiling part $part of $LANES_TASK_TITLE"
  [ "$LANES_TASK_ID" = 6 ] || echo "::progress $((part * 12)) part $part of 8"
  if [ "$LANES_TASK_ID$part" = 46 ] && [ "$LANES_ATTEMPT" = 1 ]; then
    echo "error: catalog/search.ts:41: index is missing"; exit 1
  fi
done
WORKER
}

open_pane() {
  screen kill-server 2>/dev/null || true
  screen -f /dev/null new-session -d -x 120 -y 32 -c "$work/shop" -e HOME="$work/home" -e CI= \
    -e COLORTERM=truecolor /bin/sh
  screen set-option -g status off
  screen set-option -sa terminal-features ',*:RGB'
}

for file in "$root"/themes/*.yml; do
  theme=$(basename "$file" .yml)
  prepare
  open_pane
  screen send-keys "clear; $lanes run --no-write-status --attempts 2 --backoff 20s --theme $theme" Enter
  sleep 4.5
  screen send-keys Down Down
  sleep 0.3
  screen capture-pane -e -p -N | python3 "$here/pane_to_svg.py" --rows 32 > "$here/$theme.svg"
  echo "wrote $here/$theme.svg"
done

prepare
open_pane
screen send-keys "clear; $lanes run --no-write-status --attempts 2 --backoff 1s" Enter
frames=
start=$(date +%s%N)
number=0
while [ $number -lt 60 ]; do
  number=$((number + 1))
  case $number in
    8) screen send-keys Down ;; 10) screen send-keys Down ;; 20) screen send-keys 4 ;;
    28) screen send-keys 3 ;; 34) screen send-keys 2 ;; 40) screen send-keys 1 ;; 54) screen send-keys 5 ;;
  esac
  screen capture-pane -e -p -N > "$work/$(printf %03d $number)"
  now=$((($(date +%s%N) - start) / 1000000))
  frames="$frames $((now / 1000)).$(printf %03d $((now % 1000))):$work/$(printf %03d $number)"
  sleep 0.25
done
# shellcheck disable=SC2086
python3 "$here/pane_to_svg.py" --rows 32 $frames > "$here/demo.svg"
echo "wrote $here/demo.svg"
