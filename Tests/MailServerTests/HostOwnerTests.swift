// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MailServer

/// Who runs a host: never an address, never a name below which strangers have theirs.
struct HostOwnerTests {
  @Test(arguments: [
    ("mx1.hoster.example", HostOwner.domain("hoster.example")),
    ("MX1.Hoster.EXAMPLE", .domain("hoster.example")),
    ("a.b.c.hoster.example", .domain("hoster.example")),
    ("hoster.example", .domain("hoster.example")),
    ("mx.hoster.co.uk", .domain("hoster.co.uk")), ("mx.hoster.com.br", .domain("hoster.com.br")),
    ("mx.hoster.ne.jp", .domain("hoster.ne.jp")), ("mx.hoster.org.au", .domain("hoster.org.au")),
    ("mx.hoster.gob.mx", .domain("hoster.gob.mx")),
    ("mx.hoster.asso.fr", .domain("hoster.asso.fr")),
    ("mx.hoster.school.nz", .domain("hoster.school.nz")),
    ("mx.hoster.uk.com", .domain("hoster.uk.com")),
    ("mx.town.k12.ca.us", .domain("town.k12.ca.us")),
    ("mx.office.chiyoda.tokyo.jp", .domain("office.chiyoda.tokyo.jp")),
    ("mx.hoster.de", .domain("hoster.de")),
    ("aspmx.l.google.com", .provider("gmail")), ("mta5.am0.yahoodns.net", .provider("yahoo")),
    ("x-example.mail.protection.outlook.com", .provider("microsoft365")),
    ("192.0.2.1", .unnamed("192.0.2.1")), ("127.0.0.1", .unnamed("127.0.0.1")),
    ("[192.0.2.1]", .unnamed("[192.0.2.1]")), ("2001:db8::1", .unnamed("2001:db8::1")),
    ("::ffff:192.0.2.1", .unnamed("::ffff:192.0.2.1")), ("localhost", .unnamed("localhost")),
    ("co.uk", .unnamed("co.uk")), ("com.br", .unnamed("com.br")), ("", .unnamed("")),
    (".", .unnamed("")), ("..", .unnamed(".")), ("mx.", .unnamed("mx")),
    ("MX1.Hoster.Example.", .domain("hoster.example")),
    ("private/dovecot-lmtp", .unnamed("private/dovecot-lmtp")),
  ])
  func isToldByTheHost(_ host: String, _ owner: HostOwner) {
    #expect(HostOwner(ofHost: host) == owner)
  }

  /// Below suffixes that no rule here knows, the destination itself is the owner of its own servers.
  @Test(
    arguments: [
      ("shop.co.uk", "mx.shop.co.uk", HostOwner.domain("shop.co.uk")),
      ("shop.unknown.example", "mx.shop.unknown.example", .domain("shop.unknown.example")),
      ("Shop.Parma.IT", "mail.shop.parma.it", .domain("shop.parma.it")),
      ("shop.example", nil, .domain("shop.example")), ("gmail.com", nil, .provider("gmail")),
      ("shop.example", "mx1.hoster.example", .domain("hoster.example")),
      ("shop.example", "aspmx.l.google.com", .provider("gmail")),
      ("shop.example", "192.0.2.9", .unnamed("192.0.2.9")),
      ("notshop.example", "mx.shop.example", .domain("shop.example")),
      ("192.0.2.1", nil, .unnamed("192.0.2.1")),
      ("[192.0.2.1]", "192.0.2.1", .unnamed("192.0.2.1")),
    ] as [(String, String?, HostOwner)])
  func isToldByTheDestinationToo(_ domain: String, _ host: String?, _ owner: HostOwner) {
    #expect(HostOwner(ofDestination: domain, host: host) == owner)
  }

}
