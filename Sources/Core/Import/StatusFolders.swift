import Glibc

// Plans in several files: a state beside the tasks, or a file for each spec.
extension StatusFile {
  /// Writes statuses into the state of a project, which is made when it is not there.
  ///
  /// A state that cannot be read is renamed to `.project-state.yaml.backup`, or the first number
  /// after that which is free, and a new one is begun, all other tasks pending.
  func writeState(
    _ changes: [TaskID: TaskStatus], now: Instant
  ) throws(PlanError) -> Bool? {
    let state = PlanningFolder(path, directory: "").state
    return try underLock(state.droppingSuffix(".yaml"), now: now) { () throws(PlanError) in
      let plan = try PlanningImporter.plan(from: path, directory: "")
      var edit = ProjectStateEdit(plan: plan, at: now)
      guard SourceFile.exists(state) else {
        return try create(state, edit, changes, plan, now)
      }
      let (replacement, bytes) = try describing { () throws(SourceFile.Failure) in
        (try FileReplacement(of: state), try SourceFile.read(state))
      }
      guard ProjectState.isReadable(bytes, file: state) else {
        _ = try ProjectState.setAside(state, directory: "")
        return try create(state, edit, changes, plan, now)
      }
      let edited = try edit.apply(changes, to: bytes, file: state)
      if edited == bytes { return true }
      return try describing { () throws(SourceFile.Failure) in try replacement.write(edited) }
    }
  }

  private func create(
    _ state: String, _ edit: ProjectStateEdit, _ changes: [TaskID: TaskStatus], _ plan: Plan,
    _ now: Instant
  ) throws(PlanError) -> Bool {
    var edit = edit
    let fresh = Array(ProjectStateText.text(for: plan, at: now).utf8)
    let bytes = try edit.apply(changes, to: fresh, file: state)
    return try describing { () throws(SourceFile.Failure) in
      try NewFile.write(bytes, to: state)
      return true
    }
  }

  /// Writes marks into the files of specs; false or nil as soon as one is changed or locked by
  /// someone else, and what was written before that stays.
  func writeSpecs(
    _ changes: [TaskID: TaskStatus], now: Instant
  ) throws(PlanError) -> Bool? {
    var rest = changes
    for file in SpecFolder(path, directory: "").files {
      let own = file.spec.map { spec in rest.filter { $0.key.text.hasPrefix(spec + "/") } } ?? rest
      if own.isEmpty { continue }
      for id in own.keys { rest[id] = nil }
      let count = file.spec.map { $0.count + 1 } ?? 0
      let numbers = Dictionary(
        own.map { (TaskID(String($0.key.text.dropFirst(count))), $0.value) },
        uniquingKeysWith: { first, _ in first })
      let isWritten = try underLock(file.path, now: now) { () throws(PlanError) in
        try replace(file.path) { bytes throws(PlanError) in
          try SpecStatusEdit.apply(numbers, to: bytes, name: file.path)
        }
      }
      if isWritten != true { return isWritten }
    }
    if let lost = rest.keys.min() { throw StatusEdit.lostTask(lost, file: path) }
    return true
  }

  /// Makes a change of the files of a plan in YAML, under the lock of its state; nil when that is
  /// locked or a file has just changed.
  func changePlanning(_ change: TaskChange, now: Instant) throws(PlanError) -> TaskID? {
    let state = PlanningFolder(path, directory: "").state
    var changed: TaskID?
    let isWritten = try underLock(state.droppingSuffix(".yaml"), now: now) {
      () throws(PlanError) in
      var replacements: [String: FileReplacement] = [:]
      var edit = try PlanningEdit(path) { file throws(PlanError) in
        let (replacement, bytes) = try replacement(of: file)
        replacements[file] = replacement
        return bytes
      }
      changed = try edit.apply(change)
      // What names a task goes before the task itself.
      for (file, bytes) in edit.files.sorted(by: { $0.value != nil && $1.value == nil }) {
        let isDone = try describing { () throws(SourceFile.Failure) in
          guard let bytes else {
            guard unlink(file) == 0 else { throw .system(errno) }
            return true
          }
          if let replacement = replacements[file] { return try replacement.write(bytes) }
          try NewFile.write(bytes, to: file)
          return true
        }
        if !isDone { return false }
      }
      return true
    }
    return isWritten == true ? changed : nil
  }

  /// Makes a change of the tasks in the files of specs; nil when one is locked or has just changed.
  func changeSpecs(_ change: TaskChange, now: Instant) throws(PlanError) -> TaskID? {
    var sources: [SpecEdit.Source] = []
    var replacements: [FileReplacement] = []
    for file in SpecFolder(path, directory: "").files {
      let (replacement, bytes) = try replacement(of: file.path)
      sources.append(SpecEdit.Source(file: file, bytes: bytes))
      replacements.append(replacement)
    }
    var edit = try SpecEdit(path, sources)
    let (edited, id) = try edit.apply(change)
    let changes = edited.indices.compactMap { index in
      edited[index].map {
        NewContents(path: sources[index].file.path, file: replacements[index], bytes: $0)
      }
    }
    return try write(changes[...], now: now) ? id : nil
  }

  /// What is to be in a file that was looked at before.
  struct NewContents {
    /// The path that is locked.
    var path: String
    var file: FileReplacement
    var bytes: [UInt8]
  }

  /// Writes files once all of them are locked, the last one first; false when one is locked by someone
  /// else or has changed since it was looked at.
  func write(_ files: ArraySlice<NewContents>, now: Instant) throws(PlanError) -> Bool {
    guard let first = files.first else { return true }
    let isWritten = try underLock(first.path, now: now) { () throws(PlanError) in
      guard try write(files.dropFirst(), now: now) else { return false }
      return try describing { () throws(SourceFile.Failure) in try first.file.write(first.bytes) }
    }
    return isWritten == true
  }
}

extension ProjectState {
  /// Whether bytes are a state at all.
  static func isReadable(_ bytes: [UInt8], file: String) -> Bool {
    guard let documents = try? YAML.documents(bytes, file: file) else { return false }
    return (try? ProjectState(documents, file: file)) != nil
  }
}

/// A file that must not be there yet.
enum NewFile {
  /// Writes a file whole or not at all; fails when there is one of that name.
  static func write(_ bytes: [UInt8], to path: String) throws(SourceFile.Failure) {
    let temporary = "\(path).\(getpid()).tmp"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw .system(errno) }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno != EINTR { throw .system(errno) }
      rest = rest.dropFirst(max(0, count))
    }
    guard fsync(descriptor) == 0, link(temporary, path) == 0 else { throw .system(errno) }
  }
}

extension String {
  func droppingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
