// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], copy: [String] = []) -> Target
{
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"],
    resources: copy.map { .copy($0) },
    swiftSettings: settings)
}

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
  name: "tempfail",
  products: [.executable(name: "tempfail", targets: ["tempfail"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", .upToNextMinor(from: "1.8.2")),
    .package(url: "https://github.com/LebJe/TOMLKit", .upToNextMinor(from: "0.6.0")),
  ],
  targets: [
    .target(name: "CMemory"),
    module("Bytes", ["CMemory"]),
    module("Replies", ["Bytes"]),
    module("MailServer", ["Bytes", "Replies"]),
    module("Guidance", ["Bytes", "MailServer", "Replies"]),
    module("Canvas"),
    module("Dashboard", ["Canvas", "Guidance", "MailServer", "Replies"]),
    .target(name: "CSpawn"),
    module("Server", ["Bytes", "CSpawn", "Guidance", "MailServer", "Replies"]),
    .target(
      name: "CTerminal",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    module("Terminal", ["Canvas", "CTerminal"]),
    .target(
      name: "CBuild",
      // The Makefile says it; SwiftPM would not notice a new commit on its own.
      cSettings: Context.environment["TEMPFAIL_COMMIT"].map { [.define("TEMPFAIL_COMMIT", to: $0)] }
    ),
    .target(
      name: "Themes", path: "Themes",
      resources: [
        "colorblind", "dark", "gruvbox", "high-contrast", "light", "mono", "nord", "solarized-dark",
        "solarized-light",
      ].map { .embedInCode("\($0).toml") },
      swiftSettings: settings),
    module("Configuration", ["Canvas", "Themes", toml]),
    .executableTarget(
      name: "tempfail",
      dependencies: [
        "Bytes", "CBuild", "Canvas", "Configuration", "Dashboard", "Guidance", "MailServer",
        "Replies",
        "Server", "Terminal", arguments,
      ],
      swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
    tests(of: "Bytes", ["Bytes", "CMemory"]),
    tests(of: "Replies", ["Bytes", "Replies"], copy: ["Fixtures"]),
    tests(of: "MailServer", ["Bytes", "MailServer", "Replies"], copy: ["Fixtures"]),
    tests(of: "Guidance", ["Guidance", "MailServer", "Replies"]),
    tests(of: "Canvas", ["Canvas"]),
    tests(of: "Terminal", ["Canvas", "Terminal"]),
    tests(
      of: "Dashboard", ["Canvas", "Dashboard", "Guidance", "MailServer", "Replies", "Server"],
      copy: ["Screens"]),
    tests(
      of: "Server", ["Bytes", "Guidance", "MailServer", "Replies", "Server"], copy: ["Fixtures"]),
    tests(of: "Configuration", ["Canvas", "Configuration", "Themes"]),
    tests(
      of: "Tempfail",
      [
        "Bytes", "Configuration", "Guidance", "MailServer", "Replies", "Server", "tempfail",
      ],
      copy: ["Fixtures"]),
  ]
)

// Fuzzing needs its own build: libFuzzer brings the main function.
if Context.environment["TEMPFAIL_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["Bytes", "Guidance", "MailServer", "Replies"],
      path: "Tests/Fuzz", exclude: ["run"],
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
