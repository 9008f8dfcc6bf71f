import Core
import Glibc

/// Asks the kernel how busy the machine is.
enum MachineProbe {
  /// Nil where /proc does not say.
  static func load() -> MachineLoad? {
    guard let average = text("/proc/loadavg").split(separator: " ").first.flatMap({ Double($0) })
    else { return nil }
    var sizes: [Substring: Int64] = [:]
    for line in text("/proc/meminfo").split(separator: "\n") {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
      guard parts.count >= 2, let kilobytes = Int64(parts[1]) else { continue }
      sizes[parts[0]] = kilobytes * 1024
    }
    guard let total = sizes["MemTotal"], let free = sizes["MemAvailable"] else { return nil }
    return MachineLoad(
      load: average, processors: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
      memoryUsed: total - free, memory: total)
  }

  private static func text(_ path: String) -> String {
    String(decoding: FileBytes.read(path, from: 0, count: 8192) ?? [], as: UTF8.self)
  }
}
