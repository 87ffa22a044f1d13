import { loopText } from '../../../manifest/redirect-steps';
import { redirectLoops } from '../../facts/redirect-chains';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'redirect-loop',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  title: 'A redirect leads to itself, or to one that leads back',
  effect: 'Envoy answers the redirected request with a redirect again. Browsers give up: too many redirects.',
  check(object, report, index) {
    for (const { placed: { place, path }, scheme, paths } of redirectLoops(object, index)) {
      report(`spec.http[${place}].redirect`,
        `${path} redirects ${scheme} requests to ${loopText(paths)}, where a redirect takes them again: callers never get an answer`,
        'match less, such as exact in place of prefix, or put an entry for the target before this one');
    }
  },
});
