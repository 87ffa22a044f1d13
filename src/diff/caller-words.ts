import type { Caller } from './callers';
import { describeCaller } from './callers';
import { groupBy } from '../manifest/group-by';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';

/** How many items of a list are named one by one. */
const NAMED = 5;
/** How many workloads or namespaces an exception names at most. */
const EXCEPTED = 3;

/** Describes groups of callers as briefly as the callers that are compared allow. */
export class CallerWords {
  private readonly sidecars: ReadonlyMap<string, readonly Caller[]>;
  /** Changes for the same callers share the list. */
  private readonly known = new Map<readonly Caller[], string>();

  constructor(compared: readonly Caller[]) {
    this.sidecars = sidecarsByNamespace(compared);
  }

  /** Some of the compared callers in words, such as `all sidecars of namespace shop except app=cart`. */
  public describe(callers: readonly Caller[]): string {
    const words = this.known.get(callers) ?? this.words(callers);
    this.known.set(callers, words);
    return words;
  }

  private words(callers: readonly Caller[]): string {
    const chosen = [...sidecarsByNamespace(callers)].map(([namespace, some]) => ({
      namespace,
      some,
      others: this.othersOf(namespace, some),
    }));
    const whole = chosen.filter(({ others }) => others.length === 0).map(({ namespace }) => namespace);
    const parts = chosen.filter(({ others }) => others.length > 0).map(({ namespace, some, others }) => partOf(namespace, some, others));
    const gateways = callers.filter(({ type }) => type === 'gateway').map(describeCaller);
    return [...this.wholeText(whole), ...inShort(parts), ...inShort(gateways)].join(', ');
  }

  private othersOf(namespace: string, some: readonly Caller[]): readonly Caller[] {
    const names = new Set(some.map(describeCaller));
    return (this.sidecars.get(namespace) ?? []).filter(caller => !names.has(describeCaller(caller)));
  }

  /** The namespaces of which every sidecar is meant. */
  private wholeText(namespaces: readonly string[]): string[] {
    if (namespaces.length === 0) return [];
    const rest = [...this.sidecars.keys()].filter(namespace => !namespaces.includes(namespace));
    if (namespaces.length > EXCEPTED && rest.length === 0) return ['all sidecars'];
    if (namespaces.length > NAMED && rest.length <= EXCEPTED) return [`all sidecars except those of ${inNamespaces(rest)}`];
    return [`all sidecars of ${inNamespaces(namespaces)}`];
  }
}

function sidecarsByNamespace(callers: readonly Caller[]): ReadonlyMap<string, readonly Caller[]> {
  return groupBy(callers.filter(({ type }) => type === 'sidecar'), ({ namespace }) => namespace);
}

function inNamespaces(names: readonly string[]): string {
  return `${names.length === 1 ? 'namespace' : 'namespaces'} ${joined(inShort(names))}`;
}

/** Some, but not all, sidecars of a namespace: by what selects them, or by what selects the others. */
function partOf(namespace: string, some: readonly Caller[], others: readonly Caller[]): string {
  const [chosen, rest] = [termsFor(some, others), termsFor(others, some)];
  if (rest.length <= EXCEPTED && rest.length < chosen.length) return `all sidecars of namespace ${namespace} except ${joined(rest)}`;
  return `sidecars of namespace ${namespace} with ${inShort(chosen).join(' or ')}`;
}

/** Terms on labels that together hold for some workloads and for none of the others. */
function termsFor(some: readonly Caller[], others: readonly Caller[]): string[] {
  const foreign = new Set(others.flatMap(({ labels }) => pairsOf(labels)));
  const shared = new Map<string, number>();
  for (const pair of some.flatMap(({ labels }) => pairsOf(labels))) shared.set(pair, (shared.get(pair) ?? 0) + 1);
  return [...new Set(some.map(({ labels = {} }) => {
    const own = pairsOf(labels).filter(pair => !foreign.has(pair)).sort((a, b) => shared.get(b)! - shared.get(a)!);
    return own[0] ?? wholeTerm(labels, others);
  }))];
}

function pairsOf(labels: Labels = {}): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

/** All labels of a workload, and the keys that it lacks where others have the same labels and more. */
function wholeTerm(labels: Labels, others: readonly Caller[]): string {
  const wider = others.filter(other => selects(labels, other.labels ?? {})).flatMap(other => Object.keys(other.labels ?? {}));
  const lacking = [...new Set(wider)].filter(key => !Object.hasOwn(labels, key)).sort();
  const stated = pairsOf(labels).join(',');
  if (lacking.length === 0) return stated;
  return stated === '' ? `no ${joined(lacking, 'or')}` : `${stated} without ${joined(lacking, 'or')}`;
}

function inShort(names: readonly string[]): readonly string[] {
  return names.length <= NAMED + 1 ? names : [...names.slice(0, NAMED), `${names.length - NAMED} more`];
}

function joined(names: readonly string[], word = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names[names.length - 1]}`;
}
