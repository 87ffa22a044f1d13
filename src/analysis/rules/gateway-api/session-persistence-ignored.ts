import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'session-persistence-ignored',
  codes: [],
  severity: 'warning',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  title: 'A rule asks for session persistence, which istiod does not read',
  effect: 'Requests of one session go to any pod of the backend. The status says nothing of it.',
  check(object, report) {
    for (const [i, { sessionPersistence }] of (object.spec?.rules ?? []).entries()) {
      if (sessionPersistence === undefined) continue;
      report(`spec.rules[${i}].sessionPersistence`, 'istiod ignores sessionPersistence, so requests of one session go to any pod',
        'use a DestinationRule with loadBalancer.consistentHash for the backend');
    }
  },
});
