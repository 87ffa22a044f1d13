import { httpHosts, lacksAddress } from '../../facts/entry-ports';
import { defineRule } from '../../rule';
import { inShort } from '../../words';

/** Protocols in which the server sends first, so that Envoy looks at no bytes before it connects. */
const SERVER_FIRST = ['MYSQL', 'MONGO'];

export const rule = defineRule({
  id: 'server-first-port-shared',
  codes: [],
  severity: 'warning',
  subjects: ['ServiceEntry'],
  title: 'A ServiceEntry of MySQL or MongoDB without addresses shares its port with HTTP',
  effect:
    'Envoy cannot tell the two apart. The older object gets the port: either all HTTP requests to it go to the database, or connections to the database are treated as HTTP.',
  check(object, report, index) {
    if (!lacksAddress(object, index)) return;
    object.spec?.ports?.forEach(({ number = 0, protocol = '' }, p) => {
      const hosts = SERVER_FIRST.includes(protocol.toUpperCase()) ? httpHosts(index).get(number) ?? [] : [];
      if (hosts.length === 0) return;
      report(`spec.ports[${p}]`, `without addresses this entry listens for ${protocol} at 0.0.0.0:${number}, where callers send HTTP to `
        + `${inShort(hosts)}: if this entry is the older object, their requests go to it`, 'set addresses, or use a port that no host has for HTTP');
    });
  },
});
