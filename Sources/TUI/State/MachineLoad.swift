/// How busy the machine is that the run is on.
package struct MachineLoad: Equatable, Sendable {
  /// The load average over a minute.
  package var load: Double
  package var processors: Int
  /// Bytes in use and bytes there are.
  package var memoryUsed: Int64
  package var memory: Int64

  package init(load: Double, processors: Int, memoryUsed: Int64, memory: Int64) {
    self.load = load
    self.processors = processors
    self.memoryUsed = memoryUsed
    self.memory = memory
  }
}
