import { breaks, isAbout } from './oracle';
import { randomInvariant } from './random-invariants';
import type { RandomMesh } from './random-mesh';
import { PUBLIC, randomMesh } from './random-mesh';
import { decisionOf, withSomeToken } from './sent-sample';
import { Edge } from '../../src/edge/edge';
import { Translator } from '../../src/envoy/translator';
import type { CallersFields, InvariantFields } from '../../src/invariants/invariant';
import { statedInvariants } from '../../src/invariants/invariants-file';
import { prove } from '../../src/invariants/prove';
import type { Result } from '../../src/invariants/result';
import type { ExampleRequest } from '../../src/proof/example-request';
import { Mesh } from '../../src/simulator/mesh';
import type { SimulatedProxy } from '../../src/simulator/simulated-proxy';
import { Dice } from '../fuzz/dice';
import { HOST } from '../proof/rules';
import { samples } from '../proof/samples';
import type { Report } from '../report';

/** The invariants of each mesh. */
const EACH = 5;
/** So many invariants of a hundred may be undecided. */
const MOST_OPEN = 5;

interface Verdict {
  readonly result: Result;
  readonly wrong?: string;
}

/** The callers whose requests are sampled, with the words that invariants have for them. */
function callersOf(mesh: Mesh): { readonly proxy: SimulatedProxy; readonly is: readonly string[] }[] {
  const webapp = mesh.sidecar({ namespace: 'shop', labels: { app: 'webapp', version: 'v1' } });
  return [
    { proxy: webapp, is: ['namespace shop', 'serviceAccount shop/webapp'] },
    { proxy: mesh.sidecar({ namespace: 'shop', labels: { app: 'catalog', version: 'v2' } }), is: ['namespace shop'] },
    { proxy: mesh.sidecar({ namespace: 'dev' }).as({ serviceAccount: 'anyone' }), is: ['namespace dev'] },
    { proxy: mesh.gateway(), is: ['gateway istio-system/istio=ingressgateway'] },
  ];
}

function isFrom({ from, except = [] }: CallersFields, is: readonly string[]): boolean {
  const words = (callers: readonly object[]) => callers.map(caller => Object.entries(caller)[0].join(' '));
  return (from === undefined || words(from).some(word => is.includes(word))) && !words(except).some(word => is.includes(word));
}

/** A sampled request that breaks an invariant. */
function counterexample(invariant: InvariantFields, generated: RandomMesh, mesh: Mesh, dice: Dice): string | undefined {
  const { never, always } = invariant;
  const requests = samples(dice, generated.rules).flatMap(request => [request, withSomeToken(dice, atPublicHost(request))]);
  for (const { proxy, is } of callersOf(mesh)) {
    if (!isFrom((never ?? always)!, is)) continue;
    for (const request of requests) {
      const decision = decisionOf(proxy, request);
      if (isAbout(invariant, request, decision) && breaks(invariant, decision)) return `${is[0]}: ${JSON.stringify(request)}`;
    }
  }
  return undefined;
}

function atPublicHost({ url, headers = {}, ...request }: ExampleRequest): ExampleRequest {
  const { host: _, ...others } = headers;
  return { ...request, url: url.replace(HOST, PUBLIC), headers: others };
}

function judged(invariant: InvariantFields, generated: RandomMesh, dice: Dice): Verdict {
  const { objects } = generated;
  const translator = new Translator(objects);
  const [result] = prove(statedInvariants([invariant], 'generated'), { objects, translator, edge: new Edge(objects) });
  const mesh = Mesh.fromManifests(objects);
  if (result.outcome === 'holds') {
    const found = counterexample(invariant, generated, mesh, dice);
    return { result, ...(found !== undefined && { wrong: `holds, but not for ${found}` }) };
  }
  if (result.outcome === 'not decided') return { result };
  const { caller, as, request } = result.witness!;
  const own = caller.type === 'gateway' ? mesh.gateway(caller) : mesh.sidecar(caller);
  const proxy = as ? own.as(as) : own;
  const decision = 'method' in request ? decisionOf(proxy, request) : proxy.connect(request.url);
  return { result, ...(!breaks(invariant, decision) && { wrong: `the witness ${JSON.stringify(request)} is ${decision.outcome}` }) };
}

/** Proves random invariants of random meshes, and looks for requests that contradict the answers. */
export function judgeInvariants(report: Report, meshes: number, first = 1): void {
  const verdicts: Verdict[] = [];
  const wrong: string[] = [];
  for (let seed = first; seed < first + meshes; seed++) {
    const dice = new Dice(seed);
    const generated = randomMesh(dice);
    for (let place = 0; place < EACH; place++) {
      const invariant = randomInvariant(dice);
      const verdict = judged(invariant, generated, new Dice(seed * EACH + place));
      verdicts.push(verdict);
      if (verdict.wrong !== undefined) wrong.push(`seed ${seed}: ${JSON.stringify(invariant)}: ${verdict.wrong}`);
    }
  }
  const count = (outcome: Result['outcome']) => verdicts.filter(({ result }) => result.outcome === outcome).length;
  const open = count('not decided');
  report.add('no sampled request breaks an invariant that holds, and every witness breaks its invariant', wrong,
    `${count('holds')} hold, ${count('does not hold')} do not hold, ${open} are not decided`);
  report.add(`at most ${MOST_OPEN} of a hundred invariants are not decided`, 100 * open > MOST_OPEN * verdicts.length
    ? [`${open} of ${verdicts.length}`, ...new Set(verdicts.flatMap(({ result }) => result.reasons))] : []);
}
