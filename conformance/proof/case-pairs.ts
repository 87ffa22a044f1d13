import { replayProblem } from './replay';
import { callersOfBoth, diffTraffic } from '../../src/diff/traffic-diff';
import { Translator } from '../../src/envoy/translator';
import type { HTTPRoute } from '../../src/manifest/istio-specs.generated';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { acceptedManifests, isOfKind } from '../../src/manifest/manifest';
import { Mesh } from '../../src/simulator/mesh';
import { inputOf } from '../case';
import { cases } from '../cases';
import type { Report } from '../report';

type Http = readonly HTTPRoute[];

/** Ways to change the rules of a VirtualService. */
const CHANGES: { readonly [name: string]: (http: Http) => Http } = {
  'the first rule is gone': http => http.slice(1),
  'the last rule is gone': http => http.slice(0, -1),
  'the rules in the other order': http => [...http].reverse(),
  'another timeout': http => http.map(rule => ({ ...rule, timeout: '7s' })),
  'one alternative less': http => http.map(rule => ({ ...rule, ...(rule.match && { match: rule.match.slice(1) }) })),
};

interface Change {
  readonly name: string;
  readonly old: readonly KubernetesObject[];
  readonly now: readonly KubernetesObject[];
}

function changesOf(name: string, text: string): Change[] {
  const { objects } = parseManifests(text);
  return objects.flatMap((object, place) => {
    const [manifest] = acceptedManifests([object]);
    const http = manifest && isOfKind(manifest, 'VirtualService') ? manifest.spec?.http : undefined;
    return http === undefined ? [] : Object.entries(CHANGES).map(([change, apply]): Change => {
      const changed: KubernetesObject = { ...object, spec: { ...object.spec as object, http: apply(http) } };
      return {
        name: `${name}, ${object.metadata.name}, ${change}`,
        old: objects,
        now: objects.map((other, i) => (i === place ? changed : other)),
      };
    });
  });
}

/** Changes the rules of the cases, and replays the examples of the reported changes. */
export function judgeCasePairs(report: Report, count: number): void {
  const all = cases.flatMap(each => changesOf(each.name, inputOf(each)));
  const every = Math.max(1, Math.floor(all.length / count));
  const chosen = all.filter((_, place) => place % every === 0);
  let examples = 0;
  const wrong = chosen.flatMap(({ name, old, now }) => {
    const [before, after] = [old, now].map(objects => ({ objects, translator: new Translator(objects) }));
    const changes = diffTraffic(before, after, callersOfBoth(before, after));
    const [oldMesh, newMesh] = [old, now].map(objects => Mesh.fromManifests(objects));
    examples += changes.filter(({ example }) => example).length;
    return changes.flatMap(change => replayProblem(change, oldMesh, newMesh) ?? []).map(problem => `${name}: ${problem}`);
  });
  report.add(
    'every example of a change of a case shows it, at sidecars and gateways',
    wrong,
    `${chosen.length} changes, ${examples} examples`,
  );
}
