import { isHostWithin, isWildcard } from '../../../manifest/host-name';
import { httpConditions, isAbout } from '../../facts/http-conditions';
import type { VirtualService } from '../../facts/virtual-services';
import { isDelegate } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

const IP_ADDRESS = /^\d+(?:\.\d+){3}$|^\[/;

/** Whether requests for a host may begin with a string: the host in full, or as callers of the mesh shorten it. */
function mayBegin(host: string, start: string, isWhole: boolean, index: TrafficIndex, namespace: string): boolean {
  const full = index.fullHost(host, namespace).toLowerCase();
  if (isWildcard(full)) return !isWhole || isHostWithin(start, full);
  return isWhole ? full === start || full.startsWith(`${start}.`) : full.startsWith(start);
}

function isMet(object: VirtualService, kind: 'exact' | 'prefix', value: string, index: TrafficIndex): boolean {
  const isWhole = kind === 'exact' || value.includes(':');
  const host = value.replace(/:\d*$/, '').toLowerCase();
  const namespace = index.namespaceOf(object);
  if (IP_ADDRESS.test(value) || index.registry.named(index.fullHost(host, namespace)).length > 0) return true;
  return (object.spec?.hosts ?? []).some(stated => mayBegin(stated, host, isWhole, index, namespace));
}

export const rule = defineRule({
  id: 'authority-outside-hosts',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on the authority is none of the hosts of the VirtualService',
  effect: 'Envoy looks up the host first, and then the routes of that host. Requests for another host do not reach these routes.',
  check(object, report, index) {
    if (isDelegate(object)) return;
    for (const condition of httpConditions(object, index)) {
      const { kind, value, path } = condition;
      if (!isAbout('authority', condition) || kind === 'regex' || value === '' || isMet(object, kind, value, index)) continue;
      report(path, `requests for '${value}' do not reach the routes of ${quotedList(object.spec?.hosts ?? [])}: this match takes nothing`,
        'add the host to hosts, or correct the condition');
    }
  },
});
