import type { Environment } from './environment';
import type { Proxy } from '../../envoy/proxy';
import { hasLabels } from '../../envoy/proxy';
import { gatewayPods } from '../../gateway-api/gateway-pods';
import { selectorText } from '../../manifest/labels';
import { manifestsOf, readManifests } from '../../manifest/manifest';
import { shown } from '../shown';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/**
 * Rejects a gateway without labels if Gateways select by labels, because it would serve nothing. Adds a note if no Gateway selects its
 * labels.
 */
export function requireSelected(proxy: Proxy, { objects }: Environment, terminal: Terminal): void {
  if (proxy.type !== 'gateway') return;
  const { manifests } = readManifests(objects);
  const selectors = [
    ...manifestsOf(manifests, 'Gateway').map(({ spec }) => spec?.selector ?? {}), ...gatewayPods(manifests, '').map(({ labels }) => labels),
  ];
  if (selectors.length === 0 || selectors.some(selector => hasLabels(proxy, selector))) return;
  const texts = shown([...new Set(selectors.map(selectorText))].sort());
  if (proxy.labels === undefined) {
    throw new UsageError(
      `--gateway: no Gateway selects pods without labels; add the labels of the gateway, such as ${proxy.namespace}/${texts[0]}`,
    );
  }
  terminal.say(`note: no Gateway selects ${selectorText(proxy.labels)}, so the gateway serves nothing; they select ${texts.join(' or ')}`);
}
