import { problemsOf } from '../../facts/gateway-api';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'listener-set-not-allowed',
  codes: [],
  severity: 'error',
  subjects: ['ListenerSet'],
  title: 'A Gateway does not take the ListenerSet that refers to it',
  effect: 'The listeners of the set get no configuration, and routes that attach to them get no requests.',
  check(object, report, index) {
    for (const { path, message, status, absent } of problemsOf(object, ['NotAllowed', 'UnsupportedAddress'], index)) {
      report(path, `${message}, so its listeners get no configuration; ${status}`,
        'allow the namespace of the ListenerSet in spec.allowedListeners of a Gateway of class istio', { absent });
    }
  },
});
