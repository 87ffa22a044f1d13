import * as yaml from 'js-yaml';
import { Envoy } from './envoy';
import { Yaml } from './yaml';
import type { Case } from '../../conformance/case';
import { inputOf } from '../../conformance/case';
import { pages } from '../../conformance/cases/pages';
import { readGolden, withSourcesOnly } from '../../conformance/golden';
import type { Json } from '../../conformance/istiod/client';
import { ourAnswers } from '../../conformance/translation';
import type { Manifest } from '../manifests';

/** Who configured the proxies of a case, and the proxies by name. */
export type Envoys = readonly [configuredBy: string, proxies: { readonly [proxy: string]: Envoy }];

/** The proxies of a case twice: as istiod configures them, which the conformance suite keeps, and as our translation does. */
export function envoysOf(it: Case): readonly [istiod: Envoys, ours: Envoys] {
  const { input, answer } = readGolden(it.name)!;
  const ours = ourAnswers({ ...it, manifests: input });
  const configured = (answerFor: (proxy: string) => Json) => (
    Object.fromEntries(it.proxies.map(proxy => [proxy.name, new Envoy(proxy, withSourcesOnly(answerFor(proxy.name)))]))
  );
  return [['istiod', configured(name => answer[name])], ['our translation', configured(name => ours.get(name))]];
}

export interface Pattern {
  /** What the page's program renders, without the Services and workloads of the cluster. */
  readonly manifests: Yaml;
  readonly envoys: readonly [istiod: Envoys, ours: Envoys];
}

/** The program that a page shows: what it renders, and the proxies that meet it. `page` is its name in `conformance/cases/pages.ts`. */
export function patternOf(page: string): Pattern {
  const it = pages.find(({ name }) => name === `page-${page}`);
  if (!it) throw new Error(`there is no case page-${page}; add it to conformance/cases/pages.ts`);
  const manifests = (yaml.loadAll(inputOf(it)) as Manifest[]).filter(({ apiVersion }) => apiVersion.includes('.istio.io/'));
  return { manifests: new Yaml(manifests), envoys: envoysOf(it) };
}
