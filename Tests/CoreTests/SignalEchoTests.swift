import Core
import Glibc
import Testing

@Suite("Signals that come on two ways") struct SignalEchoTests {
  private let start = Instant(microseconds: 0)

  private func direct(_ number: Int32 = SIGINT, from sender: Int32 = 7) -> SignalArrival {
    SignalArrival(number: number, sender: sender, isPassedOn: false)
  }

  private func passedOn(_ number: Int32 = SIGINT, from sender: Int32 = 7) -> SignalArrival {
    SignalArrival(number: number, sender: sender, isPassedOn: true)
  }

  @Test("one sent to the whole group counts once, in whichever order it comes")
  func group() {
    for order in [[direct(), passedOn()], [passedOn(), direct()]] {
      var echoes = SignalEchoes()
      #expect(order.map { echoes.isNew($0, at: start) } == [true, false])
    }
  }

  @Test("two that were sent one after the other count twice")
  func twice() {
    var echoes = SignalEchoes()
    let arrivals = [
      passedOn(), passedOn(), direct(SIGTERM), passedOn(SIGTERM, from: 8), direct(), direct(),
    ]
    #expect(
      arrivals.map { echoes.isNew($0, at: start) } == [true, true, true, true, false, false])
    let isNew = echoes.isNew(direct(), at: start)
    let isNewLater = echoes.isNew(passedOn(SIGTERM), at: start + .seconds(2))
    #expect(isNew && isNewLater)
  }
}
