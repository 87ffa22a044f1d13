import type { Proxy } from './proxy';
import { selectorText } from '../manifest/labels';
import { dnsLabelProblem } from '../traffic/name';

/** How command lines and invariants name the proxies of some pods: `NAMESPACE` or `NAMESPACE/KEY=VALUE,...`. */
export function proxyName({ namespace, labels = {} }: Pick<Proxy, 'namespace' | 'labels'>): string {
  return [namespace, selectorText(labels)].filter(part => part !== '').join('/');
}

/** The proxy that a name stands for. For other strings, what is wrong with them. */
export function parseProxyName(type: Proxy['type'], text: string): Proxy | string {
  const [namespace, ...rest] = text.split('/');
  if (dnsLabelProblem('', namespace)) return `'${namespace}' is not a namespace name; write for example shop/app=webapp`;
  const pairs = rest.join('/').split(',').filter(pair => pair !== '').map(pair => pair.split('='));
  const wrong = pairs.find(pair => pair.length !== 2 || pair[0] === '');
  if (wrong) return `'${wrong.join('=')}' is not a label; write KEY=VALUE, such as app=webapp`;
  return { type, namespace, ...(pairs.length > 0 && { labels: Object.fromEntries(pairs as [string, string][]) }) };
}
