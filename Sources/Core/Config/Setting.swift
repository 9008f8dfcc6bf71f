/// One key of lanes.yml, with its variable and its flag: all that is known of it is said here.
package struct Setting: Sendable {
  package var key: String
  package var kind: ValueKind
  /// One line for people, without a full stop.
  package var help: String
  /// What a commented lanes.yml shows when there is no default.
  package var example: String?
  package var flag: Flag?
  /// The variable that sets it.
  package var variable: String
  /// Takes over a text that `kind` allows.
  let assign: @Sendable (inout Settings, String) -> Void
  private let read: @Sendable (Settings) -> String?

  /// The flag of a setting.
  package struct Flag: Equatable, Sendable {
    package var name: String
    package var short: Character?
    /// The text that the flag stands for, when it takes no value.
    package var implied: String?
    /// What the flag does, when that is not what the setting says.
    package var help: String?

    package init(
      _ name: String, short: Character? = nil, implied: String? = nil, help: String? = nil
    ) {
      self.name = name
      self.short = short
      self.implied = implied
      self.help = help
    }
  }

  /// The value in force, as lanes.yml would write it; nil when there is none.
  package func text(in settings: Settings) -> String? { read(settings) }

  /// The default as text.
  package var standard: String? { read(Settings()) }

  private init(
    _ key: String, _ kind: ValueKind, _ help: String, _ flag: Flag?, example: String? = nil,
    assign: @escaping @Sendable (inout Settings, String) -> Void,
    read: @escaping @Sendable (Settings) -> String?
  ) {
    self.key = key
    self.kind = kind
    self.help = help
    self.flag = flag
    self.example = example
    self.assign = assign
    self.read = read
    // LANES_AGENT tells a task its own agent.
    variable =
      "LANES_" + (key == "agent" ? "DEFAULT_AGENT" : key.uppercased().replacing(".", with: "_"))
  }
}

extension Setting {
  typealias Path<Value> = any WritableKeyPath<Settings, Value> & Sendable

  static func integer(
    _ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ help: String, _ flag: Flag?
  ) -> Setting {
    Setting(key, .integer(range), help, flag) { settings, text in
      settings[keyPath: path] = Int(text) ?? range.lowerBound
    } read: {
      "\($0[keyPath: path])"
    }
  }

  /// A number that lanes chooses itself when it is `auto`.
  static func integerOrAuto(
    _ key: String, _ path: Path<Int>, _ isAuto: Path<Bool>, _ range: ClosedRange<Int>,
    _ help: String, _ flag: Flag?
  ) -> Setting {
    Setting(key, .integerOrAuto(range), help, flag) { settings, text in
      settings[keyPath: isAuto] = text == "auto"
      if let number = Int(text) { settings[keyPath: path] = number }
    } read: {
      $0[keyPath: isAuto] ? "auto" : "\($0[keyPath: path])"
    }
  }

  static func toggle(
    _ key: String, _ path: Path<Bool>, _ help: String, _ flag: Flag?
  ) -> Setting {
    Setting(key, .toggle, help, flag) { settings, text in
      settings[keyPath: path] = text == "true"
    } read: {
      "\($0[keyPath: path])"
    }
  }

  static func text(
    _ key: String, _ path: Path<String?>, _ word: String, _ help: String, _ flag: Flag?,
    example: String
  ) -> Setting {
    Setting(key, .text(word), help, flag, example: example) { settings, text in
      settings[keyPath: path] = text
    } read: {
      $0[keyPath: path]
    }
  }

  static func string(
    _ key: String, _ path: Path<String>, _ word: String, _ help: String, _ flag: Flag?
  ) -> Setting {
    Setting(key, .text(word), help, flag) { settings, text in
      settings[keyPath: path] = text
    } read: {
      $0[keyPath: path]
    }
  }

  /// A list of texts, which a variable or a flag separates by commas.
  static func list(
    _ key: String, _ path: Path<[String]>, _ help: String, _ flag: Flag?
  ) -> Setting {
    Setting(key, .list, help, flag) { settings, text in
      settings[keyPath: path] = ListText.parts(of: text)
    } read: {
      ListText.text(of: $0[keyPath: path])
    }
  }

  static func choice<Value>(
    _ key: String, _ path: Path<Value>, _ help: String, _ flag: Flag?
  ) -> Setting where Value: RawRepresentable<String> & CaseIterable & Sendable {
    Setting(key, .choice(Value.allCases.map(\.rawValue)), help, flag) { settings, text in
      if let value = Value(rawValue: text) { settings[keyPath: path] = value }
    } read: {
      $0[keyPath: path].rawValue
    }
  }

  static func duration(
    _ key: String, _ path: Path<Duration>, _ help: String, _ flag: Flag?
  ) -> Setting {
    Setting(key, .duration(.zero ... .seconds(86_400 * 365), allowsNone: false), help, flag) {
      settings, text in
      if let value = Duration(text: text) { settings[keyPath: path] = value }
    } read: {
      $0[keyPath: path].text
    }
  }

  static func limit(
    _ key: String, _ path: Path<Duration?>, _ help: String, _ flag: Flag?
  ) -> Setting {
    let range: ClosedRange<Duration> = .milliseconds(1) ... .seconds(86_400 * 365)
    return Setting(key, .duration(range, allowsNone: true), help, flag) { settings, text in
      settings[keyPath: path] = Duration(text: text)
    } read: {
      $0[keyPath: path]?.text ?? "none"
    }
  }
}
