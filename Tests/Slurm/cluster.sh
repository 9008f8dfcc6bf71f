#!/bin/sh
# A Slurm cluster of three nodes on this machine, for tests: no systemd, no cgroups, no database.
#   cluster.sh up FOLDER             starts it, and returns when all nodes are idle
#   cluster.sh down FOLDER           ends its jobs and daemons
#   cluster.sh kill-node FOLDER N    kills a node's daemon and all that its jobs run, as a power cut would
#   cluster.sh start-node FOLDER N
#   cluster.sh kill-controller FOLDER
#   cluster.sh start-controller FOLDER
# SLURM_CONF=FOLDER/slurm.conf makes Slurm's commands use it. NODES (3), CPUS per node (4) and PORT
# (17117, and one for each node after it) may be set. Only processes whose numbers lie in FOLDER are ended.
set -eu
action=$1 folder=$2 node=${3:-}
nodes=${NODES:-3} cpus=${CPUS:-4} port=${PORT:-17117}
export SLURM_CONF="$folder/slurm.conf" LC_ALL=C

configure() {
  user=$(id -un) host=$(hostname -s)
  cat <<END
ClusterName=lanes
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/socket/munge,cred_expire=5
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmctldLogFile=$folder/log/slurmctld
SlurmdPidFile=$folder/run/%n.pid
SlurmdLogFile=$folder/log/%n
SlurmdSpoolDir=$folder/spool/%n
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=50
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,bf_resolution=1,default_queue_depth=2000
MaxJobCount=20000
KillWait=2
Licenses=oracle:1
SlurmdTimeout=10
SlurmctldTimeout=10
BatchStartTimeout=10
MessageTimeout=10
TCPTimeout=2
ReturnToService=2
END
  for i in $(seq "$nodes"); do
    echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + i)) CPUs=$cpus RealMemory=4096"
  done
  echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP"
  echo "PartitionName=small Nodes=n1 MaxTime=INFINITE State=UP"
}

await() { # SECONDS COMMAND...: until it succeeds
  rounds=$(($1 * 10))
  shift
  until "$@"; do
    rounds=$((rounds - 1))
    [ "$rounds" -gt 0 ] || return 1
    sleep 0.1
  done
}

all_idle() { [ "$(timeout 3 sinfo -h -N -p main -o %T 2>/dev/null | grep -cx idle)" = "$nodes" ]; }
is_up() { timeout 3 sinfo -h -n "$1" -p main -o %t 2>/dev/null | grep -qE "^(idle|mix|alloc)$"; }
is_empty() { [ -z "$(timeout 3 squeue -h -o %i 2>/dev/null)" ]; }
are_gone() { for pid in $pids; do ! kill -0 "$pid" 2>/dev/null || return 1; done; }
pid_in() { cat "$folder/run/$1.pid" 2>/dev/null || :; }

start_controller() { slurmctld -f "$SLURM_CONF"; }
start_node() {
  mkdir -p "$folder/spool/$1"
  slurmd -f "$SLURM_CONF" -N "$1"
}

tree() { # the processes below one, the highest first: a parent must not see its child end
  for child in $(ps -o pid= --ppid "$1"); do echo "$child"; tree "$child"; done
}

case $action in
up)
  mkdir -p "$folder/munge" "$folder/socket" "$folder/state" "$folder/log" "$folder/run" "$folder/spool"
  chmod 755 "$folder" "$folder/socket" "$folder/run"
  chmod 700 "$folder/munge"
  head -c 1024 /dev/urandom >"$folder/munge/key"
  chmod 400 "$folder/munge/key"
  munged --key-file="$folder/munge/key" --socket="$folder/socket/munge" --num-threads=2 \
    --pid-file="$folder/run/munged.pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
  configure >"$SLURM_CONF"
  start_controller
  for i in $(seq "$nodes"); do start_node "n$i"; done
  await 20 all_idle || { tail -5 "$folder"/log/* >&2; exit 1; } ;;
down)
  timeout 5 scancel -u "$(id -un)" 2>/dev/null || :
  await 8 is_empty || :
  pids=
  for i in $(seq "$nodes"); do pids="$pids $(pid_in "n$i")"; done
  pids="$pids $(pid_in slurmctld) $(pid_in munged)"
  for pid in $pids; do kill "$pid" 2>/dev/null || :; done
  await 5 are_gone || for pid in $pids; do kill -9 "$pid" 2>/dev/null || :; done ;;
kill-node)
  pids=$(pid_in "$node")
  for job in $(squeue -h -w "$node" -t running -o %i); do
    for step in $(ps -eo pid=,args= | awk -v job="$job" '$2 == "slurmstepd:" && index($3, "[" job ".") == 1 { print $1 }'); do
      pids="$pids $step $(tree "$step")"
    done
  done
  # Some may be gone by the time it is their turn.
  for pid in $pids; do kill -9 "$pid" 2>/dev/null || :; done ;;
start-node)
  start_node "$node"
  await 20 is_up "$node" ;;
kill-controller) kill -9 "$(pid_in slurmctld)" ;;
start-controller) start_controller ;;
*) sed -n 2,9p "$0" >&2; exit 2 ;;
esac
