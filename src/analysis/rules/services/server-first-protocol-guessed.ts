import { guessedPorts, isExternalName } from '../../facts/service-ports';
import { defineRule } from '../../rule';

/** The ports of protocols in which the server sends first. Of SMTP, MySQL and MongoDB at their own ports istiod knows that they are TCP. */
const SERVER_FIRST: { readonly [port: number]: string } = {
  21: 'FTP',
  22: 'SSH',
  110: 'POP3',
  143: 'IMAP',
  587: 'SMTP',
  2525: 'SMTP',
  33060: 'MySQL',
};
const BY_NAME = /^(?:ftp|ssh|sftp|pop3|imap|smtp|submission|mariadb)(?:-|$)/;

export const rule = defineRule({
  id: 'server-first-protocol-guessed',
  codes: [],
  severity: 'warning',
  subjects: ['Service'],
  title: 'The protocol of a port is guessed, but its server sends first',
  effect: 'To guess the protocol, Envoy waits for the first bytes of the caller, who waits for those of the server: the connection hangs.',
  check(object, report) {
    if (isExternalName(object)) return;
    for (const { port: { port = 0, name = '' }, path } of guessedPorts(object)) {
      const protocol = SERVER_FIRST[port] ?? BY_NAME.exec(name)?.[0].replace(/-$/, '').toUpperCase();
      if (protocol === undefined) continue;
      report(path, `in ${protocol} the server sends first, but port ${port} does not declare that it is TCP, so Envoy waits for the caller's first bytes`,
        `set appProtocol: tcp, or begin the name with tcp-, such as tcp-${name === '' ? protocol.toLowerCase() : name}`);
    }
  },
});
