/// Finds the names of files in prose, and leaves out what only looks like one.
package enum PathsInText {
  /// The paths named in a text, each once, in the order they come.
  ///
  /// Left out are addresses, modules that are imported, versions, routes, media types, names of
  /// products such as Node.js, members of objects, and pairs of words such as and/or.
  ///
  /// Cost: O(text), a few nanoseconds a byte where nothing looks like a path.
  package static func paths(in text: String) -> [String] {
    var text = text
    return text.withUTF8 { bytes in
      var found: [String] = []
      var known: Set<String> = []
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        var isChecked = false
        for word in candidates(in: line) {
          if !isChecked, isImport(String(decoding: line, as: UTF8.self)[...]) { break }
          isChecked = true
          guard let path = path(String(decoding: word, as: UTF8.self)), known.insert(path).inserted
          else { continue }
          found.append(path)
        }
      }
      return found
    }
  }

  /// The words of a line that have a dot inside or a slash, or may be the name of a file without them.
  private static func candidates(
    in line: Slice<UnsafeBufferPointer<UInt8>>
  ) -> [Slice<UnsafeBufferPointer<UInt8>>] {
    var words: [Slice<UnsafeBufferPointer<UInt8>>] = []
    var (start, isCandidate, hasCapital) = (line.startIndex, false, false)
    func end(at place: Int) {
      let word = line[start..<place]
      if isCandidate || hasCapital && mayBeName(word) { words.append(word) }
    }
    for place in line.indices {
      let byte = line[place]
      if isSeparator(byte) {
        end(at: place)
        (start, isCandidate, hasCapital) = (place + 1, false, false)
      } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") {
        let next = place + 1 < line.endIndex ? line[place + 1] : UInt8(ascii: " ")
        isCandidate = isCandidate || byte == UInt8(ascii: "/") || !isSeparator(next)
      } else if byte < UInt8(ascii: "a") {
        hasCapital = hasCapital || byte >= UInt8(ascii: "A")
      }
    }
    end(at: line.endIndex)
    return words
  }

  /// Whether a word has a part that all names of files without a dot have.
  private static func mayBeName(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    word.indices.contains { place in
      switch word[place] {
      case UInt8(ascii: "f"): word[place...].starts(with: "file".utf8)
      case UInt8(ascii: "L"): word[place...].starts(with: "LICENSE".utf8)
      case UInt8(ascii: "C"): word[place...].starts(with: "CODEOWNERS".utf8)
      default: false
      }
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte < 0x80 && separators.contains(byte)
  }

  private static let separators = Array("`'\"<>(),;|=".utf8)

  private static let importWords: Set<String> = ["import", "require", "use", "include", "#include"]

  /// Whether a line imports modules, whose names are not those of files to be changed.
  private static func isImport(_ line: Substring) -> Bool {
    let words = line.split(whereSeparator: { $0.isWhitespace || "({;`".contains($0) })
    guard let first = words.first else { return true }
    if line.contains("require(") || line.contains("import(") { return true }
    let word = String(first)
    if word == "from" { return words.contains("import") }
    let isCode =
      line.contains("{") || line.contains(";") || line.contains("'") || line.contains("\"")
      || line.contains("::")
    return importWords.contains(word) && isCode
  }

  /// The path that a word is, cleaned of what stands around it; nil when it is none.
  private static func path(_ word: String) -> String? {
    var word = word[...]
    while let last = word.last, ".:!?*_~".contains(last) { word = word.dropLast() }
    while let first = word.first, "*_~:[{".contains(first) { word = word.dropFirst() }
    while let last = word.last, "]}".contains(last) { word = word.dropLast() }
    if let colon = word.lastIndex(of: ":"), Int(word[word.index(after: colon)...]) != nil {
      word = word[..<colon]
    }
    if word.hasPrefix("./") { word = word.dropFirst(2) }
    let text = String(word)
    return isPath(text) ? text : nil
  }

  private static func isPath(_ text: String) -> Bool {
    guard (2...200).contains(text.utf8.count), !isForeign(text) else { return false }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last else { return false }
    // A folder says what it is by a slash at its end.
    if name.isEmpty { return parts.count > 1 && isFolder(parts.dropLast()) }
    guard parts.allSatisfy({ !$0.isEmpty && $0 != ".." && $0 != "." }) else { return false }
    return isFileName(String(name), isAlone: parts.count == 1)
  }

  private static func isForeign(_ text: String) -> Bool {
    text.contains("://") || text.hasPrefix("/") || text.hasPrefix("@") || text.contains("::")
      || text.hasPrefix("www.") || text.hasPrefix("-") || text.hasPrefix("$") || text.contains("@")
      || text.hasPrefix("~") || text.hasPrefix("node_modules/") || text.hasPrefix("../")
      || text.unicodeScalars.contains { !isAllowed($0) }
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || "._-/+*[]".unicodeScalars.contains(scalar)
  }

  private static func isFolder(_ parts: ArraySlice<Substring>) -> Bool {
    parts.allSatisfy { part in
      !part.isEmpty && part != ".."
        && part.allSatisfy { $0.isLowercase || "_-.0123456789".contains($0) }
    }
  }

  private static let names: Set<String> = [
    "Dockerfile", "Makefile", "Rakefile", "Gemfile", "Procfile", "Jenkinsfile", "Vagrantfile",
    "Justfile", "LICENSE", "CODEOWNERS", ".gitignore", ".dockerignore", ".env", ".editorconfig",
    ".eslintrc", ".prettierrc", ".babelrc", ".npmrc", ".nvmrc",
  ]

  private static func isFileName(_ name: String, isAlone: Bool) -> Bool {
    if names.contains(name) || name.hasPrefix(".env.") { return true }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex || !isAlone else {
      return false
    }
    let stem = String(name[..<dot])
    let ending = String(name[name.index(after: dot)...])
    guard endings.contains(ending), !stem.hasSuffix(".") else { return false }
    return !isAlone || !isProduct(stem, ending)
  }

  /// `Node.js`, `Next.js`: products, not files.
  private static func isProduct(_ stem: String, _ ending: String) -> Bool {
    guard ["js", "io", "net", "ts"].contains(ending) else { return stem.isEmpty }
    let lower = stem.lowercased()
    return products.contains(lower) && (stem.first?.isUppercase ?? false || lower == "node")
      || stem.isEmpty
  }

  private static let products: Set<String> = [
    "node", "next", "vue", "nuxt", "express", "react", "three", "d3", "chart", "nest", "ember",
    "backbone", "angular", "svelte", "alpine", "moment", "socket", "discord", "ethers", "web3",
    "passport", "bull", "bullmq", "handlebars", "mocha", "chai", "koa", "fastify", "p5", "pixi",
    "babylon", "tensorflow", "day", "anime", "redux", "solid", "knex", "sequelize", "zod", "vite",
  ]

  private static let endings: Set<String> = [
    "rs", "toml", "lock", "py", "pyi", "ipynb", "js", "jsx", "mjs", "cjs", "ts", "tsx", "json",
    "jsonc", "yml", "yaml", "md", "mdx", "html", "htm", "css", "scss", "sass", "less", "go", "mod",
    "sum", "java", "kt", "kts", "gradle", "swift", "c", "h", "cc", "cpp", "hpp", "cs", "csproj",
    "sln", "rb", "erb", "php", "sh", "bash", "zsh", "fish", "sql", "xml", "proto", "graphql", "gql",
    "vue", "svelte", "txt", "ini", "cfg", "conf", "properties", "tf", "tfvars", "hcl", "ex",
    "exs", "erl", "hs", "scala", "clj", "lua", "r", "dart", "zig", "nim", "prisma", "csv", "tsv",
    "svg", "lock", "mk", "cmake", "dockerfile", "service", "plist", "xib", "storyboard", "sol",
  ]
}
