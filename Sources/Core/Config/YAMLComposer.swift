/// Makes values of the events of a YAML text.
struct YAMLComposer {
  private let events: YAMLEvents
  private let limits: YAML.Limits
  private var anchors: [String: (node: YAMLNode, count: Int, deepest: Int)] = [:]
  private var count = 0
  /// The depth of the deepest value since it was last set.
  private var deepest = 0

  init(events: YAMLEvents, limits: YAML.Limits) {
    self.events = events
    self.limits = limits
  }

  mutating func documents() throws(YAMLError) -> [YAMLNode] {
    var documents: [YAMLNode] = []
    while true {
      let event = try events.next()
      switch event.kind {
      case .end: return documents
      case .documentEnd: anchors = [:]
      case .documentStart: documents.append(try node(try events.next(), depth: 0))
      case .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
        preconditionFailure("\(event.kind) outside a document")
      }
    }
  }

  private mutating func node(
    _ event: YAMLEvents.Event, depth: Int
  ) throws(YAMLError) -> YAMLNode {
    let before = (count: count, deepest: deepest)
    deepest = depth
    defer { deepest = max(deepest, before.deepest) }
    try add(1, depth: depth, at: event.place)
    let content: YAMLNode.Content
    let mark: YAMLEvents.Mark
    switch event.kind {
    case .alias(let name): return try aliased(name, depth, at: event.place)
    case .scalar(let text, let isPlain, let itsMark):
      content = .scalar(text, isPlain: isPlain && !Self.isText(itsMark.tag))
      mark = itsMark
    case .sequenceStart(let itsMark):
      content = .sequence(try elements(depth: depth + 1))
      mark = itsMark
    case .mappingStart(let itsMark):
      content = .mapping(try entries(depth: depth + 1))
      mark = itsMark
    case .end, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      preconditionFailure("\(event.kind) in place of a value")
    }
    try check(mark.tag, at: event.place)
    let node = YAMLNode(place: event.place, content: content, end: event.end)
    if let anchor = mark.anchor {
      anchors[anchor] = (node, count - before.count, deepest - depth)
    }
    return node
  }

  private mutating func elements(depth: Int) throws(YAMLError) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    while true {
      let event = try events.next()
      if event.kind == .sequenceEnd { return elements }
      elements.append(try node(event, depth: depth))
    }
  }

  private mutating func entries(depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let event = try events.next()
      if event.kind == .mappingEnd { return entries }
      guard case .scalar(let key, _) = try node(event, depth: depth).content else {
        throw error(event.place, "a key is not a text", "use words as keys")
      }
      if let line = lines.updateValue(event.place.line, forKey: key) {
        throw error(
          event.place, "the key \(quoted(key)) is already on line \(line)", "remove one of the two")
      }
      let value = try node(try events.next(), depth: depth)
      entries.append(YAMLNode.Entry(key: key, place: event.place, value: value))
    }
  }

  private mutating func aliased(
    _ name: String, _ depth: Int, at place: SourcePlace
  ) throws(YAMLError) -> YAMLNode {
    guard let known = anchors[name] else {
      throw error(
        place, "the alias *\(name) stands for nothing that ended before it",
        "put &\(name) before the value that it stands for")
    }
    deepest = depth + known.deepest
    try add(known.count, depth: deepest, at: place)
    return known.node
  }

  private mutating func add(
    _ more: Int, depth: Int, at place: SourcePlace
  ) throws(YAMLError) {
    guard depth <= limits.depth else {
      throw error(place, "values are nested deeper than \(limits.depth)", "flatten them")
    }
    count += more
    guard count <= limits.nodes else {
      throw error(place, "there are more than \(limits.nodes) values", "split the file")
    }
  }

  private static func isText(_ tag: String?) -> Bool {
    tag == "!" || tag == "tag:yaml.org,2002:str"
  }

  /// Allows the tags of YAML's own types, which say nothing new.
  private func check(_ tag: String?, at place: SourcePlace) throws(YAMLError) {
    guard let tag, !Self.isText(tag) else { return }
    let own = ["null", "bool", "int", "float", "seq", "map"].map { "tag:yaml.org,2002:" + $0 }
    guard own.contains(tag) else {
      throw error(place, "the tag \(quoted(tag)) has no meaning here", "remove it")
    }
  }

  private func error(
    _ place: SourcePlace, _ problem: String, _ remedy: String
  ) -> YAMLError {
    YAMLError(file: events.file, place: place, problem: problem, remedy: remedy)
  }
}
