// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The themes that are compiled in, as the bytes of their TOML files; the default comes first.
package enum EmbeddedThemes {
  package static let files: [(name: String, bytes: [UInt8])] = [
    ("dark", PackageResources.dark_toml),
    ("light", PackageResources.light_toml),
    ("high-contrast", PackageResources.high_contrast_toml),
    ("mono", PackageResources.mono_toml),
    ("solarized-dark", PackageResources.solarized_dark_toml),
    ("solarized-light", PackageResources.solarized_light_toml),
    ("nord", PackageResources.nord_toml),
    ("gruvbox", PackageResources.gruvbox_toml),
    ("colorblind", PackageResources.colorblind_toml),
  ]
}
