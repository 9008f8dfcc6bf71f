import Glibc

/// A command of Slurm's on its way, whose answer is read as it comes.
final class SlurmCall {
  /// Readable when there is more of the answer.
  let descriptor: Int32
  let deadline: Instant
  private let pid: Int32
  private var text: [UInt8] = []
  private var isOver = false

  /// Starts a program; `deadline` is for whoever waits.
  init(
    _ arguments: [String], program: String, environment: [Variable], spawner: Spawner,
    deadline: Instant
  ) throws(PlatformError) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw PlatformError("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    // The new process has copies of the descriptors from the moment it is made.
    defer { close(ends[1]) }
    do throws(PlatformError) {
      let spawned = try spawner.spawn(
        Spawner.Request(
          program: program, arguments: arguments, environment: environment, directory: "/",
          input: nil, output: "/proc/self/fd/\(ends[1])"))
      close(spawned.descriptor)
      pid = spawned.process.pid
    } catch {
      close(ends[0])
      throw error
    }
    descriptor = ends[0]
    self.deadline = deadline
  }

  deinit {
    close(descriptor)
  }

  /// Reads what there is; the answer when that was the last of it.
  func read() -> SlurmAnswer? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        text += buffer[..<count]
      } else if count < 0, errno == EAGAIN {
        return nil
      } else if count == 0 || errno != EINTR {
        return SlurmAnswer(status: collect(), text: text)
      }
    }
  }

  /// Ends the program, which took too long.
  func end() -> SlurmAnswer {
    kill(-pid, SIGKILL)
    kill(pid, SIGKILL)
    _ = collect()
    return SlurmAnswer(status: nil, text: text)
  }

  /// The exit status as a shell would tell it.
  private func collect() -> Int32 {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}

/// Where Slurm's commands are.
struct SlurmPrograms {
  private var paths: [String: String] = [:]

  /// Looks for them in the folders of `PATH`.
  init(environment: EnvironmentBlock) throws(SlurmError) {
    let variable = environment.entries.first { $0.starts(with: "PATH=".utf8) } ?? []
    let folders = String(decoding: variable.dropFirst(5), as: UTF8.self).split(separator: ":")
    for name in ["sbatch", "squeue", "scancel", "scontrol"] {
      let candidates = folders.lazy.map { "\($0)/\(name)" }
      guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
        throw SlurmError.missing(name)
      }
      paths[name] = path
    }
  }

  subscript(name: String) -> String { paths[name] ?? "/usr/bin/\(name)" }
}

/// Why Slurm cannot be used.
package enum SlurmError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A command is not there.
  case missing(String)
  case platform(PlatformError)

  package var description: String {
    switch self {
    case .missing(let name):
      "launcher slurm: \(name) is not in PATH; install Slurm's client commands (slurm-client on"
        + " Debian), or choose --launcher local"
    case .platform(let error): "launcher slurm: \(error)"
    }
  }
}
