// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TOMLKit

/// What the administrator of this machine decides for everyone on it; no option and no file of a user loosens it.
///
///     read_only = true
package struct AdministratorSettings: Hashable, Sendable {
  /// Where the file is; root writes it.
  package static let path = "/etc/tempfail/config.toml"

  private static let keys = ["read_only"]

  /// Whether nothing on this machine may be changed with Tempfail.
  package var isReadOnly = false

  package init() {}

  /// Reads the file's bytes.
  ///
  /// - Throws: the first fault: a misspelt restriction must not pass for none.
  package init(_ bytes: [UInt8], file: String = path) throws(Diagnostic) {
    let document = try TOMLDocument(bytes, file: file)
    for key in document.root.keys where !Self.keys.contains(key) {
      throw document.unknown("key", key, among: Self.keys, at: [key])
    }
    guard let value = document.root["read_only"] else { return }
    guard let isReadOnly = value.bool else {
      throw document.complaint("read_only must be true or false", at: ["read_only"])
    }
    self.isReadOnly = isReadOnly
  }
}
