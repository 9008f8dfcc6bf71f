extension PlanReport {
  /// The report as one JSON object with a line feed; ids are text.
  ///
  /// With a cycle, what depends on levels is null, and `levels_before_cycle` and `stuck` are there.
  package func json() -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1024 + plan.tasks.count * 256)
    writer.object { writer in
      writeHead(to: &writer)
      writeLevels(to: &writer)
      writeFindings(to: &writer)
      writeTimes(to: &writer)
      writeTasks(to: &writer)
    }
    writer.newline()
    return writer.bytes
  }

  private func writeHead(to writer: inout JSONWriter) {
    writer.key("file")
    writer.string(plan.origin.file)
    writer.key("tag")
    if let tag = plan.origin.tag { writer.string(tag) } else { writer.null() }
    writer.key("granularity")
    writer.string(plan.origin.granularity.rawValue)
    writer.key("tasks")
    writer.integer(plan.tasks.count)
  }

  private func writeLevels(to writer: inout JSONWriter) {
    writer.key("levels")
    if isRunnable { write(levels, to: &writer) } else { writer.null() }
    if !isRunnable {
      writer.key("levels_before_cycle")
      write(levels, to: &writer)
      writer.key("stuck")
      write(stuck, to: &writer)
    }
    writer.key("num_levels")
    write(isRunnable ? levels.count : nil, to: &writer)
    writer.key("max_parallel")
    write(isRunnable ? maxParallel : nil, to: &writer)
    writer.key("theoretical_speedup")
    if let speedup = theoreticalSpeedup {
      writer.number(speedup, decimals: 2)
    } else {
      writer.null()
    }
    writer.key("critical_path")
    if isRunnable { write(longestChain, to: &writer) } else { writer.null() }
    writer.key("cycles")
    write(cycleGroups, to: &writer)
    writer.key("cycle_paths")
    write(cycles.paths, to: &writer)
  }

  private func writeFindings(to writer: inout JSONWriter) {
    writer.key("dangling")
    writer.array { writer in
      for finding in plan.findings where finding.kind == .dangling {
        write(finding.tasks, to: &writer)
      }
    }
    writer.key("duplicates")
    write(duplicates, to: &writer)
    writeConflicts(to: &writer)
    writer.key("findings")
    writer.array { writer in
      for finding in plan.findings { write(finding, to: &writer) }
    }
  }

  /// The ids that several tasks have, each once.
  private var duplicates: [TaskID] {
    var known: Set<TaskID> = []
    return plan.findings.compactMap { finding in
      guard finding.kind == .duplicateID, let id = finding.tasks.first else { return nil }
      return known.insert(id).inserted ? id : nil
    }
  }

  private func write(_ finding: Finding, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("severity")
      writer.string(finding.severity.rawValue)
      writer.key("kind")
      writer.string(finding.kind.rawValue)
      writer.key("tasks")
      write(finding.tasks, to: &writer)
      if let file = finding.place?.file {
        writer.key("file")
        writer.string(file)
      }
      writer.key("line")
      write(finding.place?.line, to: &writer)
      writer.key("column")
      write(finding.place?.column, to: &writer)
      writer.key("problem")
      writer.string(finding.problem)
      writer.key("remedy")
      writer.string(finding.remedy)
    }
  }

  private func writeTimes(to writer: inout JSONWriter) {
    writer.key("estimates")
    writer.object { writer in
      writer.key("declared")
      writer.integer(estimates.declared)
      writer.key("default")
      writer.integer(estimates.undeclared)
      writer.key("default_seconds")
      writer.number(estimates.fallback.seconds)
    }
    writer.key("critical_path_by_time")
    if isRunnable { write(times.criticalPath, to: &writer) } else { writer.null() }
    writer.key("jobs")
    writer.integer(jobs)
    let figures = [
      ("work_seconds", times.work), ("critical_path_seconds", times.criticalPathLength),
      ("level_bound_seconds", times.levelBound), ("makespan_levels_seconds", times.levels),
      ("makespan_dataflow_seconds", times.dataflow),
    ]
    for (key, microseconds) in figures {
      writer.key(key)
      if isRunnable { writer.number(Double(microseconds) / 1_000_000) } else { writer.null() }
    }
  }

  private func writeTasks(to writer: inout JSONWriter) {
    writer.key("task_list")
    writer.array { writer in
      for task in plan.tasks.indices { writeTask(task, to: &writer) }
    }
  }

  private func writeTask(_ task: Int, to writer: inout JSONWriter) {
    let spec = plan.tasks[task]
    writer.object { writer in
      writer.key("id")
      writer.string(spec.id.text)
      writer.key("title")
      writer.string(spec.title)
      writer.key("status")
      writer.string(spec.status.rawValue)
      writer.key("level")
      write(plan.graph.level[task] < 0 ? nil : plan.graph.level[task], to: &writer)
      writer.key("dependencies")
      write(spec.dependencies, to: &writer)
      if !spec.softDependencies.isEmpty {
        writer.key("soft_dependencies")
        write(spec.softDependencies, to: &writer)
      }
      if let worker = spec.worker {
        writer.key("worker")
        writer.string(worker)
      }
      if let priority = spec.priority {
        writer.key("priority")
        writer.string(priority.rawValue)
      }
      if let estimate = spec.estimate {
        writer.key("estimate_seconds")
        writer.number(estimate.seconds)
      }
      if !spec.files.isEmpty {
        writer.key("files")
        writer.array { writer in
          for file in spec.files { writer.string(file) }
        }
      }
      if let parent = spec.parent {
        writer.key("parent")
        writer.string(parent.text)
      }
    }
  }

  private func write(_ lists: [[Int]], to writer: inout JSONWriter) {
    writer.array { writer in
      for list in lists { write(list, to: &writer) }
    }
  }

  private func write(_ tasks: [Int], to writer: inout JSONWriter) {
    writer.array { writer in
      for task in tasks { writer.string(id(task)) }
    }
  }

  private func write(_ ids: [TaskID], to writer: inout JSONWriter) {
    writer.array { writer in
      for id in ids { writer.string(id.text) }
    }
  }

  private func write(_ number: Int?, to writer: inout JSONWriter) {
    if let number { writer.integer(number) } else { writer.null() }
  }
}
