import { clustersOf } from './mesh';
import { describe as inWords, differences } from '../../conformance/difference';
import { readGolden } from '../../conformance/goldens';
import type { Json } from '../../conformance/istiod/client';
import { normalize } from '../../conformance/normalize';
import { cases } from '../conformance/cases';

const asked = cases.flatMap(({ name, proxies, meshConfig }) => proxies.map(proxy => [`${name}, ${proxy.name}`, name, proxy, meshConfig] as const));

test.each(asked)('the clusters and endpoints that istiod sends: %s', (_, name, proxy, meshConfig) => {
  const golden = readGolden(name)!;
  const made = clustersOf(golden.input, proxy, meshConfig);
  const ours = normalize({ name: proxy.name, listeners: [], routes: [], ...made });
  const part = ({ clusters, endpoints }: Json) => ({ clusters, endpoints });
  expect(differences(part(golden.answer[proxy.name]), part(ours)).map(inWords)).toEqual([]);
});
