// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The themes that are compiled in, as the bytes of their TOML files.
package enum EmbeddedThemes {
  package static let files: [(name: String, bytes: [UInt8])] = [
    ("dark", PackageResources.dark_toml),
    ("mono", PackageResources.mono_toml),
  ]
}
