// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "lanes",
  products: [
    .executable(name: "lanes", targets: ["lanes"])
  ],
  targets: [
    .systemLibrary(name: "CNcurses"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CYAML"),
    .target(name: "CLinux"),
    .target(name: "Core", dependencies: ["CSQLite", "CYAML", "CLinux"], swiftSettings: settings),
    .target(name: "TUI", dependencies: ["Core", "CNcurses"], swiftSettings: settings),
    .executableTarget(
      name: "lanes", dependencies: ["CLinux", "Core", "TUI"], swiftSettings: settings),
    .testTarget(
      name: "CoreTests", dependencies: ["Core"], resources: [.copy("Fixtures")],
      swiftSettings: settings),
    .testTarget(
      name: "TUITests", dependencies: ["Core", "TUI"], exclude: ["Golden"],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEnd", dependencies: ["Core", "CLinux", "lanes"], swiftSettings: settings),
  ]
)

// What a frame costs is measured on a release build, for which no other tests are built.
if Context.environment["LANES_BENCH"] == "1" {
  package.targets.removeAll { $0.name == "CoreTests" || $0.name == "EndToEnd" }
}

// The fuzzer needs coverage in what it feeds and a linker flag, so it is no part of an ordinary build.
if Context.environment["LANES_FUZZ"] == "1" {
  let fuzzed: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]
  for target in package.targets where target.name == "Core" {
    target.swiftSettings = settings + fuzzed
  }
  package.targets.append(
    .executableTarget(
      name: "FuzzReaders", dependencies: ["Core"], swiftSettings: settings + fuzzed,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
  package.products.append(.executable(name: "FuzzReaders", targets: ["FuzzReaders"]))
}
