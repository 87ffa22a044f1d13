import { assumedGateways } from './assumed-gateways';
import { Draft, servedNames } from './draft';
import { KnownServices } from './known-services';
import type { ExposedAs, Lifted, Style } from './lifted';
import { reasonOf } from './lifted';
import type { Difference } from './proof';
import { differencesOf } from './proof';
import { synthesize } from './synthesize';
import type { ServiceUnit } from './unit';
import { isAdopted, unitsOf } from './unit';
import { fullHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { manifestsOf, readManifests, sourceOf } from '../manifest/manifest';
import type { MeshParts } from '../simulator/mesh-parts';

export interface AdoptInput {
  /** The objects of the input. Each has a namespace if its kind has one. */
  readonly objects: readonly KubernetesObject[];
  readonly clusterDomain: string;
  /** The mesh of some objects, with what the cluster has besides them. */
  readonly meshOf: (objects: readonly KubernetesObject[]) => MeshParts;
  /** The names of the hosts to adopt; all if it is empty. */
  readonly only: readonly string[];
  readonly progress?: (done: number, all: number) => void;
}

/** A unit in the form that says the same. */
export interface AdoptedUnit {
  readonly unit: ServiceUnit;
  readonly style: Style;
  readonly lifted: Lifted;
  /** What a more telling form would have changed. */
  readonly refuted: readonly string[];
}

export interface Adoption {
  /** In the order in which their charts are created. */
  readonly units: readonly AdoptedUnit[];
  /** The objects of other kinds and of hosts that are not adopted, which stay where they are. */
  readonly rest: readonly KubernetesObject[];
  /** Differences that remain, although every host has plain objects. */
  readonly differences: readonly Difference[];
  /** All hosts that the input has. */
  readonly hosts: readonly string[];
}

/** Writes each unit in the most telling form that is proven to say the same as its objects. */
export function adopt(input: AdoptInput): Adoption {
  const stated = input.meshOf(input.objects);
  const { manifests } = readManifests(stated.objects);
  const assumed = assumedGateways(manifests);
  const before = assumed.length === 0 ? stated : input.meshOf([...input.objects, ...assumed]);
  const own = new Set(input.objects);
  const known = new KnownServices(manifests, input.clusterDomain, assumed);
  const all = unitsOf(manifests.filter(each => !isAdopted(each) || own.has(sourceOf(each))), known);
  const drafts = new Drafts(all.filter(unit => isChosen(unit, input)), known);
  const rest = input.objects.filter(object => !drafts.objects.has(object));
  const proven = (): readonly Difference[] => {
    try {
      const written = [...synthesize(drafts.files).values()].flat();
      return differencesOf(before, input.meshOf([...rest, ...written, ...assumed]));
    } catch (error) {
      if (drafts.open.length === 0) throw error;
      return [{ text: reasonOf(error) }];
    }
  };
  const tries = drafts.formsLeft + 1;
  let differences = proven();
  for (let i = 1; differences.length > 0 && drafts.open.length > 0; i++) {
    drafts.refute(differences);
    input.progress?.(i, tries);
    differences = proven();
  }
  return { units: drafts.adopted, rest, differences, hosts: all.filter(({ objects }) => objects.length > 0).map(({ host }) => host) };
}

function isChosen(unit: ServiceUnit, { only, clusterDomain }: AdoptInput): boolean {
  if (only.length === 0 || unit.objects.length === 0) return true;
  const names = servedNames(unit, clusterDomain);
  return only.some(name => names.has(name) || [unit.chart.name, unit.service?.metadata.name].includes(name));
}

/** The stage of the drafts of gateways. */
const GATEWAYS = 2;

/** The hosts of all destinations. */
function targetsOf(units: readonly ServiceUnit[], clusterDomain: string): ReadonlySet<string> {
  return new Set(units.flatMap(({ host, objects }) => manifestsOf(objects, 'VirtualService').flatMap(({ metadata: { namespace }, spec }) => (
    (spec?.http ?? []).flatMap(({ route = [], mirror, mirrors = [] }) => [mirror, ...[...route, ...mirrors].map(each => each.destination)])
      .map(destination => fullHost(destination?.host ?? '', namespace!, clusterDomain)))).filter(each => each !== host)));
}

/** The drafts of all units. Services come before the gateways that lead to them. */
class Drafts {
  private readonly all: readonly Draft[];
  private readonly byHost: ReadonlyMap<string, Draft>;
  private exposed: ReadonlyMap<string, ExposedAs> = new Map();

  constructor(units: readonly ServiceUnit[], known: KnownServices) {
    const targets = targetsOf(units, known.clusterDomain);
    const around = {
      known,
      exposed: (host: string) => this.exposed.get(host),
      service: (host: string) => this.byHost.get(host),
      isTarget: (host: string) => targets.has(host),
    };
    const drafts = units.map(unit => new Draft(unit, around));
    this.all = [...drafts].sort((a, b) => a.stage - b.stage);
    this.byHost = new Map(drafts.filter(({ unit }) => unit.kind !== 'gateway').map(draft => [draft.unit.host, draft]));
    this.settle();
  }

  public get objects(): ReadonlySet<KubernetesObject> {
    return new Set(this.all.flatMap(({ unit }) => unit.objects.map(sourceOf)));
  }

  public get files() {
    return this.shown.map(({ file }) => file);
  }

  public get adopted(): readonly AdoptedUnit[] {
    return this.shown.map(({ unit, style, lifted, refuted }) => ({ unit, style, lifted, refuted }));
  }

  public get open(): readonly Draft[] {
    return this.all.filter(({ formsLeft }) => formsLeft > 0);
  }

  public get formsLeft(): number {
    return this.all.reduce((sum, draft) => sum + draft.formsLeft, 0);
  }

  /** Refutes the forms of the units that the differences are about, or of all units if none is known. */
  public refute(differences: readonly Difference[]): void {
    const told = this.open.flatMap(draft => {
      const own = differences.filter(({ host }) => host !== undefined && draft.serves(host));
      return own.length > 0 ? [{ draft, own }] : [];
    });
    for (const { draft, own } of told.length > 0 ? told : this.open.map(each => ({ draft: each, own: differences }))) draft.refute(own);
    this.settle();
  }

  /**
   * Writes units until all fit: a service that gateways lead to is limited to the mesh, and a gateway takes what services export. Each step
   * that fails takes a form away, so this ends.
   */
  private settle(): void {
    for (;;) {
      const now = this.exposedNow();
      if (!isSame(now, this.exposed)) for (const draft of this.all) draft.reset();
      this.exposed = now;
      const pending = this.all.filter(({ isPending }) => isPending);
      if (pending.length === 0) return;
      const stage = Math.min(...pending.map(draft => draft.stage));
      for (const draft of pending.filter(each => each.stage === stage)) {
        draft.tryNext();
        while (draft.isPending && stage < GATEWAYS) draft.tryNext();
      }
      for (const draft of this.all) if (draft.stage > stage && !draft.isPending && draft.file.inputs.length > 0) draft.reset();
    }
  }

  private exposedNow(): ReadonlyMap<string, ExposedAs> {
    const all = this.all.flatMap(({ exposes }) => exposes);
    return new Map([...all.filter(([, as]) => as === 'shared'), ...all.filter(([, as]) => as === 'separate')]);
  }

  /** Without services that have no object and no gateway. */
  private get shown(): readonly Draft[] {
    return this.all.filter(({ file }) => file.statements.length > 0);
  }
}

function isSame(a: ReadonlyMap<string, ExposedAs>, b: ReadonlyMap<string, ExposedAs>): boolean {
  return a.size === b.size && [...a].every(([host, as]) => b.get(host) === as);
}
