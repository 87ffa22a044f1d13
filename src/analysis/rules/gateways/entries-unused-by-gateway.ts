import { droppedEntries, hasTakenEntries } from '../../facts/server-blocks';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'entries-unused-by-gateway',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'The servers of a Gateway take some entries of a VirtualService, and others not',
  effect: 'istiod drops entries of another kind than the server\'s.',
  check(object, report, index) {
    if (!hasTakenEntries(object, index)) return;
    for (const { block, servers, taken } of droppedEntries(object, index)) {
      report(`spec.${block}`,
        `the servers of its Gateways for these hosts (${servers}) take ${taken.join(' and ')} entries alone, and istiod `
          + `drops the ${block} entries`,
        `remove the ${block} entries, or add a server that takes them`);
    }
  },
});
