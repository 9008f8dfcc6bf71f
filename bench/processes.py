"""The processes of a run: the one that was started, its keeper, and the one that does the work."""


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def name(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return ""


def family(pid):
    """Front, keeper and runner where `pid` is the front of a run; otherwise the process alone."""
    keepers = [child for child in children(pid) if name(child) == "task-keeper"]
    return [pid] + keepers + [child for keeper in keepers for child in children(keeper)][:1]
