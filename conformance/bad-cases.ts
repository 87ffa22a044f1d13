import type { TranslateCase } from './istiod/client';
import { translate } from './istiod/client';

const proxies = [{ name: 'it', type: 'sidecar' as const, namespace: 'shop' }];
const header = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: it, namespace: shop }\n';
const bad: readonly TranslateCase[] = [
  { id: 'broken YAML', manifests: 'a: [1,', proxies },
  {
    id: 'an unknown kind of Istio',
    manifests: 'apiVersion: networking.istio.io/v1\nkind: VirtualServices\nmetadata: { name: it }\n',
    proxies,
  },
  { id: 'an unknown field', manifests: `${header}spec: { hosts: [a], htpp: [] }\n`, proxies },
  { id: 'a value of the wrong type', manifests: `${header}spec: { hosts: a }\n`, proxies },
  {
    id: 'a manifest that admission rejects',
    manifests: `${header}spec: { hosts: [a], http: [{ timeout: 0s, route: [{ destination: { host: a } }] }] }\n`,
    proxies,
  },
  { id: 'a broken MeshConfig', manifests: '', meshConfig: 'outboundTrafficPolicy: { mode: SOMETIMES }', proxies },
  { id: 'an unknown feature', manifests: '', features: { NOBODY_KNOWS: 'true' }, proxies },
];
const good: TranslateCase = { id: 'a good case', manifests: '', proxies };

/** Bad cases must produce an error in their own line, and must not affect the cases around them. */
export async function badCases(): Promise<string[]> {
  const answers = await translate([good, ...bad.flatMap(c => [c, good])]);
  const wrong = answers.flatMap(answer => {
    if (answer.id === good.id) return answer.error === undefined ? [] : [`a good case is refused: ${answer.error}`];
    return answer.error === undefined ? [`${answer.id} gives no error`] : [];
  });
  return answers.length === 2 * bad.length + 1 ? wrong : [...wrong, `${2 * bad.length + 1} cases gave ${answers.length} answers`];
}
