#!/bin/sh
# Runs the tests that need a real Slurm on a cluster of three nodes, which lasts as long as they do.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d /tmp/lanes-slurm-XXXXXX)
trap 'Tests/Slurm/cluster.sh down "$folder"; rm -rf "$folder"' EXIT
Tests/Slurm/cluster.sh up "$folder"
export LANES_TEST_SLURM="$folder" LANES_TEST_CLUSTER="$PWD/Tests/Slurm/cluster.sh"
swift test --skip-build --filter "${1:-SlurmClusterTests}"
