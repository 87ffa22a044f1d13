import type { AccessTrial, Example } from './access-trials';
import { ACCESS_TRIALS, CALLED, EXAMPLES, exampleOf } from './access-trials';
import type { Experiment } from './experiment';
import { exactly } from './experiment';
import { accessBootstrap } from '../access-requests/access-bootstrap';
import { Authority } from '../access-requests/certificates';
import { realOutcome } from '../access-requests/outcomes';
import { Issuer } from '../access-requests/tokens';
import { EnvoyProcess } from '../envoy/process';
import { translation } from '../envoy/translation';
import type { Json } from '../istiod/client';
import { translatorFor } from '../translation';

/** The pods of an example, with istiod's inbound configuration. */
interface CalledPods {
  readonly name: string;
  readonly listener: Json;
  readonly trustDomain: string;
}

const nameOf = (rule: string, which: Example) => `${rule}-${which}`;

async function podsOf(rule: string, which: Example, issuer: Issuer): Promise<CalledPods> {
  const stated = exampleOf(rule, which);
  const example = { ...stated, manifests: stated.manifests.replace(/jwksUri: "[^"]*"/g, `jwks: '${issuer.keys}'`) };
  const [{ listeners }] = await translation({ ...example, proxies: [CALLED] });
  const listener = listeners.find(({ name }) => name === 'virtualInbound');
  return { name: nameOf(rule, which), listener, trustDomain: translatorFor(example).trustDomain };
}

/** Tests the examples of the rules about who may call: the effect of each rule, and its repair. */
export const accessRules: Experiment = {
  name: 'rules about who may call',
  run: async () => {
    const rules = [...new Set(ACCESS_TRIALS.map(({ rule }) => rule))];
    const [authority, issuer] = [new Authority(), new Issuer()];
    const pods = new Map((await Promise.all(rules.flatMap(rule => EXAMPLES.map(async which => podsOf(rule, which, issuer)))))
      .map(each => [each.name, each]));
    const envoy = await EnvoyProcess.start({ bootstrap: () => accessBootstrap([...pods.values()], authority) });
    const outcomesOf = async ({ rule, call }: AccessTrial) => Promise.all(EXAMPLES.map(async which => (
      realOutcome(pods.get(nameOf(rule, which))!, call, { envoy, authority, issuer }))));
    try {
      return await Promise.all(ACCESS_TRIALS.map(async one => {
        const { port, method, path, account = 'plaintext' } = one.call;
        const name = `${one.rule}: ${account} calls ${method} ${path} at port ${port}, with the mistake, and with its repair`;
        return exactly(name, await outcomesOf(one), [one.bad, one.good], 'as the rule says');
      }));
    } finally {
      await envoy.stop();
      authority.close();
    }
  },
};
