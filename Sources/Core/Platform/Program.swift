import CLinux
import Glibc

/// Runs programs to their end, one after the other, and keeps what they print.
///
/// A call blocks its thread, so it belongs on a thread of its own. Programs get a process group of
/// their own, because a key that interrupts this process is not meant for them, and stay in its
/// session, which tells them from the processes of tasks.
package struct Program: Sendable {
  /// The variables every program gets.
  package let environment: EnvironmentBlock
  /// Passed on to every program as descriptor 3, so that a lock on it lasts as long as any of them.
  private let lock: Int32?

  package init(environment: EnvironmentBlock, lock: Int32? = nil) {
    self.environment = environment
    self.lock = lock
  }

  /// The same with other variables.
  func with(_ environment: EnvironmentBlock) -> Program {
    Program(environment: environment, lock: lock)
  }

  /// What became of a program.
  package struct Result: Equatable, Sendable {
    /// The exit status, or 128 and the number of the signal.
    package var status: Int32
    package var output: [UInt8]
    package var errors: [UInt8]

    package var isSuccess: Bool { status == 0 }

    /// What was printed, without white space at the end.
    package var text: String { Self.trimmed(output) }
    package var errorText: String { Self.trimmed(errors) }

    private static func trimmed(_ bytes: [UInt8]) -> String {
      let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
      return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
  }

  /// Runs a program that is looked for on the path, with `input` as its standard input.
  ///
  /// `variables` are set beside the environment and win over it. Fails only when there is no process.
  package func run(
    _ words: [String], input: [UInt8] = [], variables: [Variable] = []
  ) throws(PlatformError) -> Result {
    let files = try Files(input: input)
    defer { files.close() }
    let pid = try spawn(words, files, variables)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      // Somebody else collected it; its output is there all the same.
      guard errno == EINTR else {
        status = 0
        break
      }
    }
    let signal = status & 0x7F
    return Result(
      status: signal == 0 ? status >> 8 & 0xFF : 128 + signal,
      output: Self.content(of: files.output), errors: Self.content(of: files.errors))
  }

  /// Standard input, output and error: files in memory, so that no pipe can fill or break.
  private struct Files {
    var input: Int32
    var output: Int32
    var errors: Int32

    init(input bytes: [UInt8]) throws(PlatformError) {
      input = bytes.isEmpty ? open("/dev/null", O_RDONLY | O_CLOEXEC) : lanes_memory_file()
      output = lanes_memory_file()
      errors = lanes_memory_file()
      guard input >= 0, output >= 0, errors >= 0 else {
        let error = PlatformError("file in memory")
        close()
        throw error
      }
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        guard count > 0 else { break }
        rest = rest.dropFirst(count)
      }
      if !bytes.isEmpty { lseek(input, 0, SEEK_SET) }
    }

    func close() {
      for descriptor in [input, output, errors] where descriptor >= 0 { Glibc.close(descriptor) }
    }
  }

  private func spawn(
    _ words: [String], _ files: Files, _ variables: [Variable]
  ) throws(PlatformError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, source) in [files.input, files.output, files.errors].enumerated() {
      posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
    }
    if let lock { posix_spawn_file_actions_adddup2(&actions, lock, 3) }
    var attributes = SpawnAttributes(leading: .group)
    var arguments = words.map { strdup($0) } + [nil]
    var environment = entries(with: variables).map(Self.cString) + [nil]
    defer { for text in arguments + environment { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, words[0], &actions, &attributes.value, &arguments, &environment)
    guard code == 0 else { throw PlatformError("program \(words[0])", code: code) }
    return pid
  }

  private func entries(with variables: [Variable]) -> [[UInt8]] {
    if variables.isEmpty { return environment.entries }
    let names = Set(variables.map(\.name))
    return environment.removing { names.contains($0) }.entries
      + variables.map { Array("\($0.name)=\($0.value)".utf8.filter { $0 != 0 }) }
  }

  private static func cString(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    let copy = UnsafeMutableRawPointer(malloc(bytes.count + 1))?.assumingMemoryBound(to: CChar.self)
    for (index, byte) in bytes.enumerated() { copy?[index] = CChar(bitPattern: byte) }
    copy?[bytes.count] = 0
    return copy
  }

  private static func content(of descriptor: Int32) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return [] }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return }
        count += got
      }
    }
  }
}
