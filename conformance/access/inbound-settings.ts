import { NAMESPACES } from './access-policies';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { destinationRule } from '../fuzz/destination-rules';
import type { Dice } from '../fuzz/dice';
import { telemetries } from '../fuzz/telemetries';
import { connectionPool, trafficPolicy } from '../fuzz/traffic-policies';
import { object } from '../fuzz/world';

type Fields = { readonly [field: string]: unknown };

const INGRESS = [
  { port: { number: 8080, name: 'http', protocol: 'HTTP' }, defaultEndpoint: '127.0.0.1:80' },
  { port: { number: 8081, name: 'grpc', protocol: 'GRPC' }, defaultEndpoint: '0.0.0.0:8082' },
  { port: { number: 9090, name: 'tcp', protocol: 'TCP' }, defaultEndpoint: 'unix:///run/app.sock' },
  { port: { number: 91, name: 'http', protocol: 'HTTP' } },
  { port: { number: 9999, name: 'tcp', protocol: 'TCP' }, defaultEndpoint: '127.0.0.1:81', bind: '127.0.0.1', captureMode: 'NONE' },
  { port: { number: 9998, name: 'http', protocol: 'HTTP2' }, defaultEndpoint: '[::1]:83', bind: '0.0.0.0', captureMode: 'NONE' },
  { port: { number: 7777, name: 'guessed', protocol: 'HTTPS' }, defaultEndpoint: '127.0.0.1:82', bind: '0.0.0.0' },
];

/** A Sidecar that states ports of pods, or limits of the connections to them. */
function sidecar(dice: Dice): KubernetesObject {
  const pool = () => connectionPool(dice);
  const ingress = dice.some(INGRESS, 0.4).map(listener => ({ ...listener, ...dice.fields(0.3, { connectionPool: pool }) }));
  const hosts = dice.pick([['*/*'], ['*/*'], ['./*'], ['other/*']]);
  return object(dice, 'networking.istio.io/v1', 'Sidecar', 'ports', dice.pick(NAMESPACES), {
    egress: [{ hosts }],
    ...(ingress.length > 0 ? { ingress } : {}),
    ...dice.fields(0.3, { inboundConnectionPool: pool }),
  });
}

/** What decides how a sidecar calls its application, and what it logs of the calls to it. */
export function inboundObjects(dice: Dice): KubernetesObject[] {
  const hosts = NAMESPACES.flatMap(namespace => [0, 1].map(place => `web-${place}.${namespace}.svc.cluster.local`));
  return [
    ...dice.times(0, 3, place => destinationRule(dice, `limits-${place}`, dice.pick([...hosts, '*.svc.cluster.local', 'web-0']))),
    ...dice.maybe(0.4, () => [sidecar(dice)]) ?? [],
    ...telemetries(dice),
  ];
}

/** The fields of MeshConfig that do. */
export function inboundMeshConfig(dice: Dice): Fields {
  return dice.fields(0.2, {
    inboundTrafficPolicy: () => ({ mode: dice.pick(['PASSTHROUGH', 'LOCALHOST']) }),
    h2UpgradePolicy: () => dice.pick(['UPGRADE', 'DO_NOT_UPGRADE']),
    connectTimeout: () => '4s',
    tcpKeepalive: () => ({ time: '50s' }),
    accessLogFile: () => '/dev/stdout',
    defaultTrafficPolicy: () => {
      const { connectionPool: pool } = trafficPolicy(dice) ?? {};
      return pool === undefined ? undefined : { connectionPool: pool };
    },
    defaultConfig: () => ({ proxyHeaders: { preserveHttp1HeaderCase: true } }),
  });
}
