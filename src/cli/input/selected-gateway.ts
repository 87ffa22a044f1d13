import type { Environment } from './environment';
import type { Proxy } from '../../envoy/proxy';
import { hasLabels } from '../../envoy/proxy';
import { selectorText } from '../../manifest/labels';
import { manifestsOf, readManifests } from '../../manifest/manifest';
import { shown } from '../shown';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** Refuses a gateway without labels where Gateways select by labels, as it would serve nothing; says so of labels that none selects by. */
export function requireSelected(proxy: Proxy, { objects }: Environment, terminal: Terminal): void {
  if (proxy.type !== 'gateway') return;
  const selectors = manifestsOf(readManifests(objects).manifests, 'Gateway').map(({ spec }) => spec?.selector ?? {});
  if (selectors.length === 0 || selectors.some(selector => hasLabels(proxy, selector))) return;
  const texts = shown([...new Set(selectors.map(selectorText))].sort());
  if (proxy.labels === undefined) {
    throw new UsageError(`--gateway: no Gateway selects pods without labels; name those of the gateway, such as ${proxy.namespace}/${texts[0]}`);
  }
  terminal.say(`note: no Gateway selects ${selectorText(proxy.labels)}, so that the gateway serves nothing; they select ${texts.join(' or ')}`);
}
