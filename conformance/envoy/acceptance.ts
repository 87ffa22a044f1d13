import { bootstrapOf } from './bootstrap';
import { EnvoyProcess } from './process';
import type { Answer, ProxyConfig } from '../istiod/client';

/** The listeners for incoming calls of a pod, which are not part of the outbound side that runs here. */
const INBOUND = 'virtualInbound';

/** Starts an Envoy with the configuration of each proxy of each case, several at a time. Returns the rejected ones, with the reason. */
export async function refusals(answers: readonly Answer<{ proxies: ProxyConfig[] }>[], atOnce = 2): Promise<string[]> {
  const waiting = answers.flatMap(answer => (answer.error === undefined ? answer.proxies.map(config => ({ id: answer.id, config })) : []));
  const refused: string[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { id, config } = next;
      const listeners = config.listeners.map(({ name }) => name).filter(name => name !== INBOUND);
      try {
        const envoy = await EnvoyProcess.start({
          bootstrap: accessLog => bootstrapOf(config, { listeners, accessLog, backendsOf: () => [] }),
        });
        await envoy.stop();
      } catch (error) {
        refused.push(`${id}: ${config.name}: ${(error as Error).message.slice(0, 600)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return refused;
}
