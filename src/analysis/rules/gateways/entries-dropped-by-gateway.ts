import { droppedEntries, hasTakenEntries } from '../../facts/server-blocks';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'entries-dropped-by-gateway',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'The servers of a Gateway take none of the entries of a VirtualService',
  effect: 'istiod drops entries of another kind than the server\'s: it sends no listener for the port, or one that answers 404 to '
    + 'everything.',
  check(object, report, index) {
    if (hasTakenEntries(object, index)) return;
    for (const { block, servers, taken, outcome } of droppedEntries(object, index)) {
      report(`spec.${block}`,
        `the servers of its Gateways for these hosts (${servers}) take ${taken.join(' and ')} entries alone, and istiod `
          + `drops the ${block} entries: ${outcome}`,
        `write ${taken[0]} entries, or change the protocol or the TLS mode of the server`);
    }
  },
});
