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
    .executableTarget(name: "lanes", dependencies: ["Core", "TUI"], swiftSettings: settings),
    .testTarget(
      name: "CoreTests", dependencies: ["Core"], resources: [.copy("Fixtures")],
      swiftSettings: settings),
    .testTarget(name: "TUITests", dependencies: ["TUI"], swiftSettings: settings),
    .testTarget(name: "EndToEnd", dependencies: ["Core", "lanes"], swiftSettings: settings),
  ]
)
