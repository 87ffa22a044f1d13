import { createSecureContext } from 'node:tls';
import { gateway, manifestsOf, webapp } from './coolstore';
import type { Experiment, Result } from './experiment';
import { exactly } from './experiment';
import { accessBootstrap } from '../access-requests/access-bootstrap';
import { Authority } from '../access-requests/certificates';
import { firstLine } from '../access-requests/send';
import { EnvoyProcess } from '../envoy/process';
import { translation } from '../envoy/translation';
import type { Json, Proxy } from '../istiod/client';

/** A call to a pod of the walk-through. */
interface Call {
  readonly pod: Proxy;
  readonly port: number;
  readonly method?: string;
  /** The service account of the caller as `NAMESPACE/NAME`; undefined for plaintext. */
  readonly account?: string;
}

const catalog: Proxy = { ...webapp, name: 'catalog', labels: { app: 'catalog', version: 'v1' } };
const forum: Proxy = { ...webapp, name: 'forum', labels: { app: 'forum' } };
const GATEWAY = `${gateway.namespace}/istio-ingressgateway-service-account`;
const OK = 'HTTP/1.1 200 OK';
const FORBIDDEN = 'HTTP/1.1 403 Forbidden';
const CLOSED = 'no answer';

const CALLS: readonly [name: string, call: Call, expected: string][] = [
  ['the gateway calls webapp', { pod: webapp, port: 8080, account: GATEWAY }, OK],
  ['webapp reads catalog', { pod: catalog, port: 3000, account: 'istioinaction/webapp' }, OK],
  ['webapp changes catalog', { pod: catalog, port: 3000, method: 'POST', account: 'istioinaction/webapp' }, FORBIDDEN],
  ['the gateway calls catalog', { pod: catalog, port: 3000, account: GATEWAY }, FORBIDDEN],
  ['forum reads catalog', { pod: catalog, port: 3000, account: 'istioinaction/default' }, FORBIDDEN],
  ['webapp of another namespace reads catalog', { pod: catalog, port: 3000, account: 'other/webapp' }, FORBIDDEN],
  ['catalog calls webapp', { pod: webapp, port: 8080, account: 'istioinaction/catalog' }, FORBIDDEN],
  ['webapp calls forum, which allows no caller', { pod: forum, port: 8080, account: 'istioinaction/webapp' }, FORBIDDEN],
  ['plaintext to catalog', { pod: catalog, port: 3000 }, CLOSED],
];

/** Callers with certificates call the pods of the step about access. */
export const deniedByDefault: Experiment = {
  name: 'denied by default',
  run: async (): Promise<Result[]> => {
    const proxies = [webapp, catalog, forum];
    const configs = await translation({ manifests: manifestsOf('21-access'), proxies });
    const pods = configs.map(({ listeners }, place) => ({
      name: proxies[place].name,
      listener: listeners.find(({ name }: Json) => name === 'virtualInbound'),
    }));
    const authority = new Authority();
    try {
      const envoy = await EnvoyProcess.start({ bootstrap: () => accessBootstrap(pods, authority) });
      try {
        return await Promise.all(CALLS.map(async ([name, call, expected]) =>
          exactly(name, await answerTo(call, envoy, authority), expected, 'policies decide; nothing random')));
      } finally {
        await envoy.stop();
      }
    } finally {
      authority.close();
    }
  },
};

async function answerTo({ pod, port, method = 'GET', account }: Call, envoy: EnvoyProcess, authority: Authority): Promise<string> {
  const [namespace, name] = account?.split('/') ?? [];
  const identity = account === undefined ? undefined : authority.issue(`spiffe://cluster.local/ns/${namespace}/sa/${name}`);
  const line = await firstLine(envoy.listener(pod.name), {
    source: '127.0.0.1',
    destination: { host: '10.1.2.3', port },
    ...(identity && {
      tls: {
        context: createSecureContext({ cert: identity.certificate, key: identity.key }),
        serverName: `outbound_.80_._.${pod.name}.${pod.namespace}.svc.cluster.local`,
        protocol: 'istio-http/1.1',
      },
    }),
    bytes: `${method} /items HTTP/1.1\r\nhost: ${pod.name}\r\nconnection: close\r\n\r\n`,
  });
  return line ?? CLOSED;
}
