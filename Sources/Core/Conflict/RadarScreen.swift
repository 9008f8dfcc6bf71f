import CLinux
import Glibc

/// What the radar sees; belongs to its thread.
struct RadarScreen {
  private let options: GitOptions
  private let program: Program
  private let folder: String
  private let ignored: IgnoreList
  private let clock = WallClock()
  private let watch: FolderWatch?
  private var sites: [TaskID: Site] = [:]
  private var owners: [Int32: (task: TaskID, folder: String)] = [:]
  private var contacts: [PairKey: Contact] = [:]
  /// The object folder of each repository.
  private let stores: [String]

  private struct Site {
    var repository: Int
    var workspace: Workspace
    var watches: [Int32] = []
    /// New folders of which it is not known whether git ignores them.
    var unchecked: [String] = []
    var isPolled = false
    /// When to look at it; nil when nothing has changed.
    var dueAt: Instant?
    var notBefore = Instant(microseconds: 0)
    var changed: ChangedFiles?
    var snapshot: String?
  }

  private struct PairKey: Hashable {
    var first: TaskID
    var second: TaskID

    init(_ one: TaskID, _ two: TaskID) {
      (first, second) = one < two ? (one, two) : (two, one)
    }
  }

  /// How long to wait for more changes, and how often to look at what cannot be watched.
  private static let patience: Duration = .milliseconds(100)
  private static let pollPause: Duration = .seconds(2)
  /// Between two looks at a worktree passes this many times what a look takes.
  private static let rest = 4

  init(options: GitOptions, program: Program, folder: String) {
    self.options = options
    self.program = program
    self.folder = folder
    ignored = IgnoreList(options.ignored)
    watch = try? FolderWatch()
    mkdir(folder, 0o700)
    stores = options.repositories.enumerated().map { number, repository in
      mkdir("\(folder)/objects-\(number)", 0o700)
      let git = Git(folder: repository.root, program: program)
      let path = try? git.text("rev-parse", "--path-format=absolute", "--git-path", "objects")
      return path ?? ""
    }
  }

  var descriptor: Int32? { watch?.descriptor }

  /// How long nothing needs to be done, if nothing changes; nil for ever.
  var delay: Duration? {
    sites.values.compactMap { site in site.dueAt.map { max($0, site.notBefore) } }.min()
      .map { max(.zero, $0 - clock.now()) }
  }

  // MARK: Orders

  mutating func take(_ order: OverlapRadar.Order) {
    switch order {
    case .watch(let id, let repository, let workspace):
      forget(id)
      var site = Site(repository: repository, workspace: workspace)
      site.dueAt = clock.now() + Self.patience
      sites[id] = site
      watchFolders(of: id)
    case .forget(let id): forget(id)
    case .stop: break
    }
  }

  private mutating func forget(_ id: TaskID) {
    guard let site = sites.removeValue(forKey: id) else { return }
    for number in site.watches {
      watch?.remove(number)
      owners[number] = nil
    }
    for pair in contacts.keys where pair.first == id || pair.second == id { contacts[pair] = nil }
  }

  /// Removes the temporary files.
  func clear() {
    for (number, repository) in options.repositories.enumerated() {
      _ = try? Git(folder: repository.root, program: program)
        .program(["rm", "-rf", "--", objects(number)], from: "/")
    }
    for name in FileBytes.names(in: folder) { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  // MARK: Watching

  /// Watches the folders of the commit; what a build adds later is looked at when it appears.
  private mutating func watchFolders(of id: TaskID) {
    guard let site = sites[id] else { return }
    let git = git(site)
    let listed = try? git.call(["ls-tree", "-r", "-d", "-z", "--name-only", "HEAD"])
    for name in [""] + (listed?.texts ?? []) { add(name, to: id) }
  }

  private mutating func add(_ name: String, to id: TaskID) {
    guard let site = sites[id] else { return }
    let path = site.workspace.path + (name.isEmpty ? "" : "/" + name)
    guard let number = watch?.add(path) else {
      if watch == nil || errno != ENOENT && errno != ENOTDIR { sites[id]?.isPolled = true }
      return
    }
    if owners[number] == nil { sites[id]?.watches.append(number) }
    owners[number] = (id, name)
  }

  /// Watches a new folder with everything in it; its files count as changed.
  private mutating func addNew(_ name: String, to id: TaskID, depth: Int = 0) {
    guard depth < 20, let site = sites[id] else { return }
    if depth == 0 { sites[id]?.unchecked.append(name) }
    add(name, to: id)
    let path = site.workspace.path + "/" + name
    for entry in FileBytes.names(in: path) where entry != ".git" {
      var status = stat()
      guard lstat(path + "/" + entry, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        continue
      }
      addNew(name + "/" + entry, to: id, depth: depth + 1)
    }
  }

  private mutating func readChanges() {
    let now = clock.now()
    for change in watch?.changes() ?? [] {
      guard change.watch >= 0 else {
        for id in sites.keys { markDue(id, now) }
        continue
      }
      guard let (id, folder) = owners[change.watch], change.name != ".git" else { continue }
      markDue(id, now)
      guard change.isNewFolder else { continue }
      addNew(folder.isEmpty ? change.name : folder + "/" + change.name, to: id)
    }
  }

  private mutating func markDue(_ id: TaskID, _ now: Instant) {
    if sites[id]?.dueAt == nil { sites[id]?.dueAt = now + Self.patience }
  }

  // MARK: Looking

  /// Looks at what has changed and returns what is new about pairs.
  mutating func look() -> [GitReport] {
    readChanges()
    let now = clock.now()
    let due = sites.keys.filter { id in
      sites[id].map { site in site.dueAt.map { max($0, site.notBefore) <= now } ?? false } ?? false
    }
    var changed: [TaskID] = []
    for id in due.sorted() where scan(id) { changed.append(id) }
    return changed.flatMap { id in compare(id, among: changed) }
  }

  /// Whether a worktree differs from what it was at the last look.
  private mutating func scan(_ id: TaskID) -> Bool {
    guard var site = sites[id] else { return false }
    let begin = clock.now()
    let found = try? ChangedFiles(git: git(site), base: site.workspace.base, ignored: ignored)
    let end = clock.now()
    site.notBefore = end + min((end - begin) * Self.rest, .seconds(5))
    site.dueAt = site.isPolled || found == nil ? end + Self.pollPause : nil
    let isNew = found != nil && found != site.changed
    if isNew { (site.changed, site.snapshot) = (found, nil) }
    sites[id] = site
    dropIgnored(id)
    return isNew
  }

  /// Stops watching new folders that git ignores, such as those of a build.
  private mutating func dropIgnored(_ id: TaskID) {
    guard let site = sites[id], !site.unchecked.isEmpty else { return }
    sites[id]?.unchecked = []
    let names = Array(site.unchecked.map { $0 + "/\0" }.joined().utf8)
    guard let result = try? git(site).call(["check-ignore", "-z", "--stdin"], input: names) else {
      return
    }
    for ignored in result.texts {
      let isInside = { (folder: String) in (folder + "/").hasPrefix(ignored) }
      for number in site.watches where owners[number].map({ isInside($0.folder) }) ?? false {
        watch?.remove(number)
        owners[number] = nil
        sites[id]?.watches.removeAll { $0 == number }
      }
    }
  }

  // MARK: Comparing

  private mutating func compare(_ id: TaskID, among changed: [TaskID]) -> [GitReport] {
    guard let site = sites[id] else { return [] }
    var reports: [GitReport] = []
    for other in sites.keys.sorted() where other != id {
      // Of two that changed, the pair is looked at once.
      if changed.contains(other), other < id { continue }
      guard let second = sites[other], second.repository == site.repository else { continue }
      let pair = PairKey(id, other)
      guard let contact = contact(pair, site, second),
        contact != contacts[pair] ?? Contact(files: [])
      else { continue }
      contacts[pair] = contact.files.isEmpty ? nil : contact
      reports.append(.met(pair.first, pair.second, contact))
    }
    return reports
  }

  /// How two worktrees stand to each other; nil when git cannot tell now.
  private mutating func contact(_ pair: PairKey, _ one: Site, _ two: Site) -> Contact? {
    guard let first = one.changed, let second = two.changed else { return nil }
    let files = first.marks.keys.filter { second.marks[$0] != nil }.sorted()
    if files.isEmpty { return Contact(files: []) }
    guard let ours = snapshot(pair.first), let theirs = snapshot(pair.second),
      let result = try? Merge(git: privateGit(one)).attempt(ours: ours, theirs: theirs)
    else { return nil }
    switch result {
    case .contained, .clean: return Contact(files: files)
    case .conflicted(let conflict):
      return Contact(files: files, conflicts: conflict.files.filter { !ignored.contains($0.path) })
    }
  }

  private mutating func snapshot(_ id: TaskID) -> String? {
    guard let site = sites[id], let changed = site.changed else { return nil }
    if let known = site.snapshot { return known }
    let index = folder + "/" + CleanName.of(id) + ".index"
    let commit = try? Snapshot(git: privateGit(site), index: index).commit(changed)
    sites[id]?.snapshot = commit
    return commit
  }

  private func git(_ site: Site) -> Git { Git(folder: site.workspace.path, program: program) }

  /// Git that writes objects to a folder of the radar's own.
  private func privateGit(_ site: Site) -> Git {
    let entries = [
      "GIT_OBJECT_DIRECTORY=\(objects(site.repository))",
      "GIT_ALTERNATE_OBJECT_DIRECTORIES=\(Self.quoted(stores[site.repository]))",
    ]
    let environment = EnvironmentBlock(
      entries: program.environment.entries + entries.map { Array($0.utf8) })
    return Git(folder: site.workspace.path, program: program.with(environment))
  }

  /// A path as git reads it in a list of paths with colons between them.
  private static func quoted(_ path: String) -> String {
    "\"\(path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  private func objects(_ repository: Int) -> String { folder + "/objects-\(repository)" }
}
