import { isHttpOrGuessed } from '../../../envoy/protocol';
import { isForMesh } from '../../facts/virtual-services';
import { scopesOf } from '../../facts/visibility';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'http-rules-on-tcp-port',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'http entries are for a host without an HTTP port, or tcp entries for a host with HTTP ports alone',
  effect: 'The entries are not in its configuration. Connections go to the service unchanged.',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const { hosts = [], http = [], tcp = [] } = object.spec ?? {};
    const scopes = scopesOf(object, index);
    hosts.forEach((host, h) => {
      const ports = index.registry.find(index.fullHost(host, index.namespaceOf(object)), scopes)?.ports ?? [];
      if (ports.length === 0) return;
      const text = ports.map(({ number, protocol }) => `${number} is ${protocol}`).join(', ');
      if (http.length > 0 && !ports.some(({ protocol }) => isHttpOrGuessed(protocol))) {
        report(`spec.hosts[${h}]`, `'${host}' has no HTTP port (${text}), so sidecars ignore the http entries for it`,
          'if the port speaks HTTP, name it http in the Service, or set appProtocol: http; else write tcp or tls entries');
      }
      if (tcp.length > 0 && ports.every(({ protocol }) => isHttpOrGuessed(protocol) && protocol !== 'Unsupported')) {
        report(`spec.hosts[${h}]`, `'${host}' has HTTP ports alone (${text}), so sidecars ignore the tcp entries for it`,
          'write http entries, or name the port tcp in the Service');
      }
    });
  },
});
