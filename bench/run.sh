#!/bin/sh
# Measures lanes beside its neighbours:  run.sh LANES [PART ...]
# Parts: setup wide layered chain plan start sleeps descriptors git view; all when none is named.
# And scale, one run of 50,000 tasks; auto, `-j auto` beside fixed numbers and a memory hog; and slurm, which starts a cluster on this machine (`make test-slurm`
# installs what it needs).
# ROUNDS sets how many times each is measured (7). Ratios are medians of paired runs.
set -eu
case $1 in */*) lanes=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") ;; *) lanes=$(command -v "$1") ;; esac
shift
cd "$(dirname "$0")"
export LC_ALL=C.UTF-8
rounds=${ROUNDS:-7}
[ $# -gt 0 ] || set -- setup wide layered chain plan start sleeps descriptors git view

graph() { # NAME KIND TASKS: makes a graph once
  [ -e "out/$1/tasks.json" ] || python3 gen.py "$2" ${3:+--tasks "$3"} "out/$1"
}
run() { python3 measure.py run --lanes "$lanes" --rounds "$rounds" "$@"; }

setup() {
  missing=
  for tool in ninja-build:ninja make:make parallel:parallel gcc:gcc htop:htop btop:btop; do
    command -v "${tool#*:}" >/dev/null || missing="$missing ${tool%:*}"
  done
  [ -z "$missing" ] || apt-get install -y -q --no-install-recommends $missing
  mkdir -p out
  for program in limit meter; do
    [ "out/$program" -nt "c/$program.c" ] || gcc -O2 -o "out/$program" "c/$program.c"
  done
}

for part; do
  case $part in
  setup | slurm) ;;
  *) [ -x out/limit ] || setup ;;
  esac
  case $part in
  setup) setup ;;
  wide)
    graph wide-1000 wide 1000
    graph wide-10000 wide 10000
    run out/wide-1000 lanes ninja make xargs -j 2
    run out/wide-1000 lanes ninja make xargs -j 4
    run out/wide-10000 lanes limit-keeps ninja make xargs -j 2
    ROUNDS=2 rounds=2 run out/wide-1000 parallel -j 2 ;;
  layered)
    graph layered-10000 layered 10000
    run out/layered-10000 lanes lanes-dataflow ninja make -j 2 ;;
  chain)
    graph chain-500 chain 500
    run out/chain-500 lanes ninja make -j 2 ;;
  plan)
    [ -e out/plan/tasks.json ] || python3 generate_plan.py out/plan
    python3 measure.py plan --lanes "$lanes" --rounds "$rounds" out/plan lanes ninja ;;
  start)
    graph seven seven ''
    (cd out/seven && "$lanes" run tasks.json -j 4 --output quiet --no-write-status --isolate none)
    python3 measure.py alone --lanes "$lanes" --rounds 15 out/seven 'exec {lanes} --version' \
      'exec {lanes} status' 'exec ninja --version' 'exec make --version' ;;
  sleeps)
    graph seven seven ''
    run out/seven lanes lanes-dataflow -j 4 ;;
  auto) python3 auto.py "$lanes" --rounds "$rounds" ;;
  scale) python3 scale.py "$lanes" --rounds "$rounds" ;;
  slurm) ./slurm.sh "$lanes" 1000 "$rounds" ;;
  descriptors)
    graph wide-10000 wide 10000
    python3 measure.py descriptors --lanes "$lanes" -j 4 out/wide-10000 ;;
  git) python3 git.py "$lanes" --rounds "$rounds" ;;
  view)
    (cd .. && LANES_BENCH=1 swift test --scratch-path .build/bench --configuration release \
      --filter ViewBench 2>&1 | grep 'µs') || true
    python3 view.py "$lanes" ;;
  *) sed -n 2,4p "$0" >&2; exit 2 ;;
  esac
done
rm -rf out/attic
