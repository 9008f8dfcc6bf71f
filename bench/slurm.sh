#!/bin/sh
# Measures lanes on a Slurm cluster beside bare sbatch:  slurm.sh LANES [JOBS [ROUNDS]]
# Each round submits JOBS (1000) no-ops by a loop of sbatch and waits until none is left, and then runs the
# same with lanes, and then one bare array of them, on a cluster of three nodes on this machine. Last runs, of a
# tenth and of all, count the calls of Slurm's commands.
set -eu
lanes=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") jobs=${2:-1000} rounds=${3:-3}
cd "$(dirname "$0")"
cluster=$PWD/../Tests/Slurm/cluster.sh
folder=$(mktemp -d /tmp/lanes-slurm-XXXXXX)
trap '"$cluster" down "$folder"; rm -rf "$folder"' EXIT
# A shell that a signal ends does not do what is left for its exit.
trap 'exit 130' INT
trap 'exit 143' HUP TERM
CPUS=${CPUS:-16} "$cluster" up "$folder"
export SLURM_CONF="$folder/slurm.conf" LC_ALL=C.UTF-8
python3 gen.py wide --tasks "$jobs" "$folder/graph" >/dev/null

now() { date +%s.%N; }
bare() {
  for _ in $(seq "$jobs"); do sbatch --parsable -o /dev/null -D / --wrap true >/dev/null; done
  while [ -n "$(squeue -h -o %i)" ]; do sleep 0.2; done
}
array() {
  sbatch --parsable --array="0-$((jobs - 1))" -o /dev/null -D / --wrap true >/dev/null
  while [ -n "$(squeue -h -o %i)" ]; do sleep 0.2; done
}
run() {
  rm -rf "$folder/graph/.lanes"
  (cd "$folder/graph" && "$lanes" run tasks.json -j "$jobs" --launcher slurm --output quiet --no-write-status)
}
seconds() { # COMMAND: how long it takes
  start=$(now)
  "$1" >&2
  echo "$start $(now)" | awk '{ printf "%.2f", $2 - $1 }'
}

for round in $(seq "$rounds"); do
  one=$(seconds bare) two=$(seconds run) three=$(seconds array)
  echo "$one $two $three" | awk -v n="$jobs" '{
    printf "%d jobs: bare sbatch %.2f s, lanes %.2f s, ratio %.2f; one bare array %.2f s, ratio %.2f\n",
      n, $1, $2, $2 / $1, $3, $2 / $3 }'
done

mkdir "$folder/bin"
for name in sbatch squeue scancel scontrol; do
  printf '#!/bin/sh\necho %s >>"%s/calls"\nexec %s "$@"\n' "$name" "$folder" "$(command -v $name)" >"$folder/bin/$name"
done
chmod +x "$folder"/bin/*
for part in $((jobs / 10)) "$jobs"; do
  : >"$folder/calls"
  rm -rf "$folder/graph"
  python3 gen.py wide --tasks "$part" "$folder/graph" >/dev/null
  took=$(PATH="$folder/bin:$PATH" seconds run)
  echo "$part jobs in $took s, calls: $(sort "$folder/calls" | uniq -c | awk '{ printf "%s %s  ", $2, $1 }')"
done
