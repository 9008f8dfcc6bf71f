import CLinux

/// What the kernel says of processors, memory and stalls at one moment.
package struct PressureReading: Equatable, Sendable {
  package var at: Instant
  /// Threads that run or want to, as /proc/loadavg counts them; 0 when unknown.
  package var runnable = 0
  /// Bytes; 0 when unknown.
  package var totalMemory: Int64 = 0
  /// Bytes that programs can still get without swapping.
  package var availableMemory: Int64 = 0
  /// For how long since the start of the machine something waited for each; nil where the kernel does
  /// not count it.
  package var stalls = Stalls<Duration?>(processor: nil, memory: nil, disk: nil)

  package init(at: Instant) {
    self.at = at
  }

  /// The part of memory that is available, 0 to 1; nil when unknown.
  var availableShare: Double? {
    totalMemory > 0 ? Double(availableMemory) / Double(totalMemory) : nil
  }

  /// One figure for each thing that can be short.
  package struct Stalls<Figure: Equatable & Sendable>: Equatable, Sendable {
    package var processor: Figure
    package var memory: Figure
    package var disk: Figure

    package init(processor: Figure, memory: Figure, disk: Figure) {
      self.processor = processor
      self.memory = memory
      self.disk = disk
    }
  }

  /// Reads /proc: five small files, some 50 microseconds; and three of a group that limits memory.
  ///
  /// Memory is that of the machine or of the group, whichever has less of it left.
  package static func now(_ now: Instant, group: MemoryGroup? = nil) -> PressureReading {
    let pressure = { (name: String) in
      SmallFile.read("/proc/pressure/" + name).flatMap { stall($0) }
    }
    var reading = PressureReading(at: now)
    reading.runnable = runnable(SmallFile.read("/proc/loadavg") ?? []) ?? 0
    let memory = SmallFile.read("/proc/meminfo") ?? []
    reading.totalMemory = bytes("MemTotal", memory) ?? 0
    reading.availableMemory = bytes("MemAvailable", memory) ?? 0
    if let group = group?.reading(), group.share < reading.availableShare ?? 1 {
      (reading.totalMemory, reading.availableMemory) = (group.total, group.available)
    }
    reading.stalls = Stalls(
      processor: pressure("cpu"), memory: pressure("memory"), disk: pressure("io"))
    return reading
  }

  /// The first number of the fourth field of proc(5) `loadavg`, such as `2/345`.
  static func runnable(_ text: [UInt8]) -> Int? {
    let fields = text.split(separator: UInt8(ascii: " "))
    guard fields.count > 3 else { return nil }
    return number(fields[3].prefix { $0 != UInt8(ascii: "/") }).map { Int($0) }
  }

  /// A line of proc(5) `meminfo`, such as `MemTotal:  16384 kB`, in bytes.
  static func bytes(_ name: String, _ text: [UInt8]) -> Int64? {
    let wanted = Array("\(name):".utf8)
    let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: wanted) }
    let fields = line?.split(separator: UInt8(ascii: " ")) ?? []
    return fields.count > 1 ? number(fields[1]).map { $0 << 10 } : nil
  }

  /// The microseconds after `total=` in the line `some` of a file of /proc/pressure.
  static func stall(_ text: [UInt8]) -> Duration? {
    let some = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "some ".utf8) }
    let total = some?.split(separator: UInt8(ascii: " ")).first { $0.starts(with: "total=".utf8) }
    return total.flatMap { number($0.dropFirst(6)) }.map { .microseconds($0) }
  }

  private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
    Int64(String(decoding: text, as: UTF8.self))
  }
}

/// How the machine did between two readings.
package struct PressureSample: Equatable, Sendable {
  /// How many processors this process may use, 1 or more.
  package var processors: Int
  package var runnable: Int
  /// The part of memory that is available, 0 to 1; nil when unknown.
  package var availableMemory: Double?
  /// The part of the time in which something waited for each, 0 to 1; nil when unknown.
  package var stalls: PressureReading.Stalls<Double?>

  package init(
    processors: Int, runnable: Int = 0, availableMemory: Double? = nil,
    stalls: PressureReading.Stalls<Double?> = .init(processor: nil, memory: nil, disk: nil)
  ) {
    self.processors = processors
    self.runnable = runnable
    self.availableMemory = availableMemory
    self.stalls = stalls
  }

  /// Compares two readings, the second of which is later.
  package init(from earlier: PressureReading, to later: PressureReading, processors: Int) {
    let time = (later.at - earlier.at).seconds
    func share(_ start: Duration?, _ end: Duration?) -> Double? {
      guard let start, let end, time > 0 else { return nil }
      return min(1, max(0, (end - start).seconds / time))
    }
    self.init(
      processors: processors, runnable: later.runnable,
      availableMemory: later.availableShare,
      stalls: .init(
        processor: share(earlier.stalls.processor, later.stalls.processor),
        memory: share(earlier.stalls.memory, later.stalls.memory),
        disk: share(earlier.stalls.disk, later.stalls.disk)))
  }
}

/// Takes a sample every second.
package struct PressureMeter: Sendable {
  private let processors: Int
  private let group = MemoryGroup()
  private var latest: PressureReading?

  package init(processors: Int = Processors.usable) {
    self.processors = processors
  }

  /// What happened since the last sample; nil when that is less than a second ago, and the first time.
  package mutating func sample(at now: Instant) -> PressureSample? {
    if let latest, now - latest.at < .seconds(1) { return nil }
    let reading = PressureReading.now(now, group: group)
    defer { latest = reading }
    return latest.map { PressureSample(from: $0, to: reading, processors: processors) }
  }
}

/// The processors of this machine.
package enum Processors {
  /// How many this process may run on, 1 or more.
  package static var usable: Int { max(1, Int(lanes_usable_processors())) }
}
