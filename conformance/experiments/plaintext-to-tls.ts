import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment } from './experiment';
import { exactly } from './experiment';
import { ByteSink } from '../envoy/byte-sink';
import { send } from '../envoy/load';
import { withEnvoy } from '../envoy/scenario';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures/plaintext-to-tls-port');
const LISTENER = '0.0.0.0_80';
const gate = { name: 'gate', type: 'gateway' as const, namespace: 'shop', labels: { app: 'gate' } };

/** The first bytes that a server gets of a request through the gateway of an example. */
async function firstBytes(example: 'bad' | 'good'): Promise<string> {
  const server = await ByteSink.start();
  // There is no trusted certificate here.
  const manifests = readFileSync(join(FIXTURES, `${example}.yaml`), 'utf8')
    .replace('subjectAltNames: [vault.example.com], caCertificates: system', 'insecureSkipVerify: true');
  const backendsOf = (cluster: string) => (cluster.startsWith('outbound|443|') ? [server] : []);
  return withEnvoy({ manifests, proxy: gate, listeners: [LISTENER], backendsOf, keepsTls: true }, [server], async envoy => {
    await send({ to: envoy.listener(LISTENER), host: 'vault.example.com' });
    const [bytes] = server.received;
    // 0x16 is a TLS handshake record.
    return bytes[0] === 0x16 ? 'a handshake' : bytes.toString('utf8').split('\r\n')[0];
  });
}

export const plaintextToTls: Experiment = {
  name: 'requests to a TLS port',
  run: async () => [
    exactly('what arrives without a DestinationRule, and with mode SIMPLE', [await firstBytes('bad'), await firstBytes('good')],
      ['GET / HTTP/1.1', 'a handshake'], 'as the rule plaintext-to-tls-port says'),
  ],
};
