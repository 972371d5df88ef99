// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What OpenSSL 3.0's `s_client -starttls smtp` printed of servers on loopback: its output, then its
/// complaints, without the certificate's text and the session.
enum SClientOutput {
  static let valid = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:O = Example, CN = Example CA
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Nov 24 12:29:46 2026 GMT; NotAfter: Feb 22 12:29:46 2027 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=O = Example, CN = Example CA
    ---
    No client certificate CA names sent
    Peer signing digest: SHA256
    Peer signature type: RSA-PSS
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1471 bytes and written 433 bytes
    Verification: OK
    Verified peername: mx.example.com
    ---
    New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
    Server public key is 2048 bit
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 0 (ok)
    ---
    depth=1 O = Example, CN = Example CA
    verify return:1
    depth=0 CN = mx.example.com
    verify return:1
    250 SIZE 1000
    DONE
    """

  static let expired = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:CN = mx.example.com
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Jan  1 00:00:00 2024 GMT; NotAfter: Jan  1 00:00:00 2025 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=CN = mx.example.com
    ---
    No client certificate CA names sent
    Peer signing digest: SHA256
    Peer signature type: RSA-PSS
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1388 bytes and written 433 bytes
    Verification error: certificate has expired
    ---
    New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
    Server public key is 2048 bit
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 10 (certificate has expired)
    ---
    ---
    Post-Handshake New Session Ticket arrived:
    SSL-Session:
        Protocol  : TLSv1.3
        Cipher    : TLS_AES_256_GCM_SHA384
        Verify return code: 10 (certificate has expired)
        Extended master secret: no
        Max Early Data: 0
    ---
    read R BLOCK
    depth=0 CN = mx.example.com
    verify error:num=18:self-signed certificate
    verify return:1
    depth=0 CN = mx.example.com
    verify error:num=10:certificate has expired
    notAfter=Jan  1 00:00:00 2025 GMT
    verify return:1
    depth=0 CN = mx.example.com
    notAfter=Jan  1 00:00:00 2025 GMT
    verify return:1
    250 SIZE 1000
    DONE
    """

  static let otherName = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:O = Example, CN = Example CA
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Nov 24 12:29:46 2026 GMT; NotAfter: Feb 22 12:29:46 2027 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=O = Example, CN = Example CA
    ---
    No client certificate CA names sent
    Peer signing digest: SHA256
    Peer signature type: RSA-PSS
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1471 bytes and written 433 bytes
    Verification error: hostname mismatch
    ---
    New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
    Server public key is 2048 bit
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 62 (hostname mismatch)
    ---
    depth=0 CN = mx.example.com
    verify error:num=62:hostname mismatch
    verify return:1
    depth=1 O = Example, CN = Example CA
    verify return:1
    depth=0 CN = mx.example.com
    verify return:1
    250 SIZE 1000
    DONE
    """

  static let unknownIssuer = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:O = Example, CN = Example CA
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Nov 24 12:29:46 2026 GMT; NotAfter: Feb 22 12:29:46 2027 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=O = Example, CN = Example CA
    ---
    No client certificate CA names sent
    Peer signing digest: SHA256
    Peer signature type: RSA-PSS
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1471 bytes and written 433 bytes
    Verification error: unable to verify the first certificate
    ---
    New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
    Server public key is 2048 bit
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 21 (unable to verify the first certificate)
    ---
    ---
    Post-Handshake New Session Ticket arrived:
    SSL-Session:
        Protocol  : TLSv1.3
        Cipher    : TLS_AES_256_GCM_SHA384
        Verify return code: 21 (unable to verify the first certificate)
        Extended master secret: no
        Max Early Data: 0
    ---
    read R BLOCK
    depth=0 CN = mx.example.com
    verify error:num=20:unable to get local issuer certificate
    verify return:1
    depth=0 CN = mx.example.com
    verify error:num=21:unable to verify the first certificate
    verify return:1
    depth=0 CN = mx.example.com
    verify return:1
    250 SIZE 1000
    DONE
    """

  static let tls12 = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:O = Example, CN = Example CA
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Nov 24 12:29:46 2026 GMT; NotAfter: Feb 22 12:29:46 2027 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=O = Example, CN = Example CA
    ---
    No client certificate CA names sent
    Peer signing digest: SHA256
    Peer signature type: RSA-PSS
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1556 bytes and written 446 bytes
    Verification: OK
    Verified peername: mx.example.com
    ---
    New, TLSv1.2, Cipher is ECDHE-RSA-AES256-GCM-SHA384
    Server public key is 2048 bit
    Secure Renegotiation IS supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    SSL-Session:
        Protocol  : TLSv1.2
        Cipher    : ECDHE-RSA-AES256-GCM-SHA384
        Verify return code: 0 (ok)
        Extended master secret: yes
    ---
    depth=1 O = Example, CN = Example CA
    verify return:1
    depth=0 CN = mx.example.com
    verify return:1
    250 SIZE 1000
    DONE
    """

  static let tls10 = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:O = Example, CN = Example CA
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Nov 24 12:29:46 2026 GMT; NotAfter: Feb 22 12:29:46 2027 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=O = Example, CN = Example CA
    ---
    No client certificate CA names sent
    Peer signing digest: MD5-SHA1
    Peer signature type: RSA
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1570 bytes and written 576 bytes
    Verification: OK
    Verified peername: mx.example.com
    ---
    New, TLSv1.0, Cipher is ECDHE-RSA-AES256-SHA
    Server public key is 2048 bit
    Secure Renegotiation IS supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    SSL-Session:
        Protocol  : TLSv1
        Cipher    : ECDHE-RSA-AES256-SHA
        Verify return code: 0 (ok)
        Extended master secret: yes
    ---
    depth=1 O = Example, CN = Example CA
    verify return:1
    depth=0 CN = mx.example.com
    verify return:1
    250 SIZE 1000
    DONE
    """

  static let tooOld = """
    CONNECTED(00000003)
    ---
    Certificate chain
     0 s:CN = mx.example.com
       i:CN = mx.example.com
       a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
       v:NotBefore: Nov 24 12:26:47 2026 GMT; NotAfter: Nov 24 12:26:47 2027 GMT
    ---
    Server certificate
    subject=CN = mx.example.com
    issuer=CN = mx.example.com
    ---
    No client certificate CA names sent
    Server Temp Key: X25519, 253 bits
    ---
    SSL handshake has read 1293 bytes and written 360 bytes
    Verification error: self-signed certificate
    ---
    New, (NONE), Cipher is (NONE)
    Server public key is 2048 bit
    Secure Renegotiation IS supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    SSL-Session:
        Protocol  : TLSv1
        Cipher    : 0000
        Verify return code: 18 (self-signed certificate)
        Extended master secret: yes
    ---
    depth=0 CN = mx.example.com
    verify error:num=18:self-signed certificate
    verify return:1
    depth=0 CN = mx.example.com
    verify return:1
    4017B9FF4C7F0000:error:0A00014D:SSL routines:tls_process_key_exchange:legacy sigalg disallowed or unsupported:../ssl/statem/statem_clnt.c:2254:
    """

  static let plain = """
    CONNECTED(00000003)
    ---
    no peer certificate available
    ---
    No client certificate CA names sent
    ---
    SSL handshake has read 82 bytes and written 353 bytes
    Verification: OK
    ---
    New, (NONE), Cipher is (NONE)
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 0 (ok)
    ---
    Didn't find STARTTLS in server response, trying anyway...
    4087F943F17F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:350:
    """

  static let refused = """
    CONNECTED(00000003)
    ---
    no peer certificate available
    ---
    No client certificate CA names sent
    ---
    SSL handshake has read 109 bytes and written 353 bytes
    Verification: OK
    ---
    New, (NONE), Cipher is (NONE)
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 0 (ok)
    ---
    40A77B53D47F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:350:
    """

  static let busy = """
    CONNECTED(00000003)
    ---
    no peer certificate available
    ---
    No client certificate CA names sent
    ---
    SSL handshake has read 16 bytes and written 23 bytes
    Verification: OK
    ---
    New, (NONE), Cipher is (NONE)
    Secure Renegotiation IS NOT supported
    Compression: NONE
    Expansion: NONE
    No ALPN negotiated
    Early data was not sent
    Verify return code: 0 (ok)
    ---
    Didn't find STARTTLS in server response, trying anyway...
    write:errno=32
    """

  static let closed = """

    40F7CA89557F0000:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/bio_sock2.c:117:calling connect()
    40F7CA89557F0000:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:
    connect:errno=111
    """
}
