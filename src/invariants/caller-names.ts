import type { Caller } from '../diff/callers';
import type { ServiceAccount } from '../simulator/access/caller';

const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const ACCOUNT = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** The service account of `NAMESPACE/NAME`; undefined for other strings. */
export function parseServiceAccount(text: string): Required<ServiceAccount> | undefined {
  const [namespace, serviceAccount = '', ...more] = text.split('/');
  return more.length === 0 && NAME.test(namespace) && ACCOUNT.test(serviceAccount) ? { namespace, serviceAccount } : undefined;
}

/** The gateway of `NAMESPACE/KEY=VALUE,...`; undefined for other strings. */
export function parseGateway(text: string): Caller | undefined {
  const slash = text.indexOf('/');
  const namespace = text.slice(0, slash < 0 ? 0 : slash);
  const pairs = text.slice(slash + 1).split(',').map(pair => pair.split('='));
  if (!NAME.test(namespace) || pairs.some(pair => pair.length !== 2 || pair[0] === '')) return undefined;
  return { type: 'gateway', namespace, labels: Object.fromEntries(pairs as [string, string][]) };
}
