import { bootstrapOf } from './bootstrap';
import { EnvoyProcess } from './process';
import type { Answer, ProxyConfig } from '../istiod/client';

/** What stands for the listeners that take what comes into a pod; they are no part of the outbound side that is run here. */
const INBOUND = 'virtualInbound';

/** Starts an Envoy with all that istiod makes of each case for each proxy, some at a time; says which ones Envoy refuses, and why. */
export async function refusals(answers: readonly Answer<{ proxies: ProxyConfig[] }>[], atOnce = 2): Promise<string[]> {
  const waiting = answers.flatMap(answer => (answer.error === undefined ? answer.proxies.map(config => ({ id: answer.id, config })) : []));
  const refused: string[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { id, config } = next;
      const listeners = config.listeners.map(({ name }) => name).filter(name => name !== INBOUND);
      try {
        const envoy = await EnvoyProcess.start({ bootstrap: accessLog => bootstrapOf(config, { listeners, accessLog, backendsOf: () => [] }) });
        await envoy.stop();
      } catch (error) {
        refused.push(`${id}: ${config.name}: ${(error as Error).message.slice(0, 600)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return refused;
}
