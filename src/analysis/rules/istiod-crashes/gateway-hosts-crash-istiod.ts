import { CRASH, CRASH_EFFECT } from '../../facts/istiod-crash';
import { defineRule } from '../../rule';

/** The host for all hosts and all namespaces. */
const EVERYTHING = '*/*';

export const rule = defineRule({
  id: 'gateway-hosts-crash-istiod',
  codes: [],
  severity: 'error',
  subjects: ['Gateway'],
  title: 'A Gateway\'s host after `*/*` crashes istiod',
  effect: CRASH_EFFECT,
  check(object, report) {
    object.spec?.servers?.forEach(({ hosts = [] }, s) => {
      const all = hosts.indexOf(EVERYTHING);
      const behind = all < 0 ? -1 : hosts.findIndex((host, h) => h > all && host !== EVERYTHING && /^[.*]\//.test(host));
      if (behind < 0) return;
      report(`spec.servers[${s}].hosts[${behind}]`,
        `'${hosts[behind]}' comes after '${EVERYTHING}', with which istiod replaces the whole list while it reads the list: ${CRASH}`,
        `remove '${hosts[behind]}', which '${EVERYTHING}' includes, or remove '${EVERYTHING}' if you mean these hosts alone`);
    });
  },
});
