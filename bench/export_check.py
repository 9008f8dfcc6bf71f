#!/usr/bin/env python3
"""Checks what `lanes export argo` writes against Argo's own schema, by the models of hera.

Usage: export_check.py LANES. Needs the packages hera and pyyaml.
"""
import json
import os
import subprocess
import sys
import tempfile

import yaml
from hera.workflows.models import Workflow

LANES = os.path.abspath(sys.argv[1])
TASKS = [
    {"id": "1", "title": "It's {{workflow.name}} \"q\"", "dependencies": [], "details": "a\nb: c"},
    {"id": "A_b", "title": "two", "dependencies": ["1"]},
    {"id": "a-B", "title": "three", "dependencies": ["1"]},
    {"id": "ü", "title": "", "dependencies": ["A_b", "a-B"]},
]


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/tasks")
        with open(f"{folder}/tasks/tasks.json", "w") as file:
            json.dump({"tasks": [dict(task, status="pending") for task in TASKS]}, file)
        for flags in [[], ["--attempts", "3", "--timeout", "5m"], ["--schedule", "dataflow"]]:
            text = subprocess.run(
                [LANES, "export", "argo", "--command", "make {{x}}", *flags], cwd=folder,
                check=True, capture_output=True, text=True).stdout
            document = yaml.safe_load(text)
            workflow = Workflow.model_validate(document)
            names = {template.name for template in workflow.spec.templates}
            graph = next(t for t in workflow.spec.templates if t.name == "plan").dag.tasks
            assert len(names) == len(TASKS) + 1 and len(graph) == len(TASKS)
            for task in graph:
                assert task.template in names
                assert all(need in names for need in task.dependencies or [])
            known = Workflow.model_fields["spec"].annotation
            assert known is not None and "{{" not in text
            print("argo", " ".join(flags) or "as it is", "valid:", len(graph), "tasks")


main()
