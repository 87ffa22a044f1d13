const CIPHERS = new Set([
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-SHA'],
  ...['ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA', 'ALL', ''],
]);

/** Whether BoringSSL knows a cipher; what begins with a sign is an expression. */
export function isCipherSuite(name: string): boolean {
  return CIPHERS.has(name) || !/^[\p{L}\p{N}]/u.test(name);
}
