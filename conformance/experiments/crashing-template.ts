import type { Example } from './access-trials';
import { CALLED, EXAMPLES, exampleOf } from './access-trials';
import type { Experiment } from './experiment';
import { exactly } from './experiment';
import { accessBootstrap } from '../access-requests/access-bootstrap';
import { Authority } from '../access-requests/certificates';
import { translation } from '../envoy/translation';
import { bootstrapRefusal } from '../envoy/validation';

const RULE = 'path-template-crashes-envoy';

/** What Envoy does with istiod's inbound configuration of an example: it crashes without an error of its own. */
async function resultOf(which: Example, authority: Authority): Promise<string> {
  const [{ listeners }] = await translation({ ...exampleOf(RULE, which), proxies: [CALLED] });
  const listener = listeners.find(({ name }) => name === 'virtualInbound');
  const refusal = await bootstrapRefusal(accessBootstrap([{ name: which, listener }], authority));
  return refusal === undefined ? 'accepted' : /error initializing|constraint validation|unable to parse/i.test(refusal) ? refusal : 'crashed';
}

export const crashingTemplate: Experiment = {
  name: 'a path template without a slash',
  run: async () => {
    const authority = new Authority();
    try {
      const results = await Promise.all(EXAMPLES.map(async which => resultOf(which, authority)));
      return [exactly(`${RULE}: Envoy with the mistake, and with its repair`, results, ['crashed', 'accepted'], 'as the rule says')];
    } finally {
      authority.close();
    }
  },
};
