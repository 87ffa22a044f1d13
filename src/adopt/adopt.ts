import type { ChartFile } from './code';
import { lostIdentity } from './identity';
import type { Form, KnownServices, Lifted, Style } from './lift-service';
import { liftService, reasonOf, STYLES } from './lift-service';
import { NotSaid } from './not-said';
import type { Difference } from './proof';
import { differencesOf } from './proof';
import { synthesize } from './synthesize';
import type { ServiceUnit } from './unit';
import { isAdopted, servicesByHost, unitsOf } from './unit';
import { fullHost } from '../manifest/host-name';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { readManifests, sourceOf } from '../manifest/manifest';
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
  readonly form: Form;
  readonly lifted: Lifted;
  /** What a more telling form would have changed. */
  readonly refuted: readonly string[];
}

export interface Adoption {
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
  const before = input.meshOf(input.objects);
  const { manifests } = readManifests(before.objects);
  const own = new Set(input.objects);
  const known = { clusterDomain: input.clusterDomain, byHost: servicesByHost(manifests, input.clusterDomain) };
  const all = unitsOf(manifests.filter(each => !isAdopted(each) || own.has(sourceOf(each))), input.clusterDomain);
  const drafts = all.filter(unit => isChosen(unit, input)).map(unit => new Draft(unit, known));
  const taken = new Set(drafts.flatMap(({ unit }) => unit.objects.map(sourceOf)));
  const rest = input.objects.filter(object => !taken.has(object));
  const proven = (): readonly Difference[] => {
    try {
      const written = synthesize(drafts.map(draft => draft.file));
      return differencesOf(before, input.meshOf([...rest, ...[...written.values()].flat()]));
    } catch (error) {
      if (drafts.every(({ formsLeft }) => formsLeft === 0)) throw error;
      return [{ text: reasonOf(error) }];
    }
  };
  const tries = drafts.reduce((sum, draft) => sum + draft.formsLeft, 1);
  let differences = proven();
  for (let i = 1; differences.length > 0 && drafts.some(({ formsLeft }) => formsLeft > 0); i++) {
    refute(drafts, differences);
    input.progress?.(i, tries);
    differences = proven();
  }
  return { units: drafts.map(draft => draft.adopted), rest, differences, hosts: all.map(nameOf) };
}

/** Refutes the forms of the units that the differences are about, or of all units if none is known. */
function refute(drafts: readonly Draft[], differences: readonly Difference[]): void {
  const open = drafts.filter(({ formsLeft }) => formsLeft > 0);
  const told = open.flatMap(draft => {
    const own = differences.filter(({ host }) => host !== undefined && draft.serves(host));
    return own.length > 0 ? [{ draft, own }] : [];
  });
  for (const { draft, own } of told.length > 0 ? told : open.map(each => ({ draft: each, own: differences }))) draft.refute(own);
}

/** The name of a unit for `--only`. */
export function nameOf({ host }: ServiceUnit): string {
  return host;
}

function isChosen(unit: ServiceUnit, { only, clusterDomain }: AdoptInput): boolean {
  if (only.length === 0) return true;
  const names = servedNames(unit, clusterDomain);
  return only.some(name => names.has(name) || [unit.chart.name, unit.service?.metadata.name].includes(name));
}

function servedNames(unit: ServiceUnit, clusterDomain: string): Set<string> {
  const hosts = unit.virtualServices.flatMap(({ spec, metadata: { namespace } }) => (
    (spec?.hosts ?? []).map(each => fullHost(each, namespace!, clusterDomain))));
  return new Set([unit.host, ...hosts]);
}

/** A unit in the first form that constructs accept, and that no proof has refuted. */
class Draft {
  private styles: readonly Style[];
  private hasPortConditions = true;
  private readonly names: ReadonlySet<string>;
  private readonly reasons: { readonly text: string; readonly isCertain: boolean }[] = [];
  private readonly differing: string[] = [];
  private current!: { readonly form: Form; readonly lifted: Lifted };

  constructor(public readonly unit: ServiceUnit, private readonly known: KnownServices) {
    this.names = servedNames(unit, known.clusterDomain);
    this.styles = STYLES.filter(style => style === 'plain' || (style === 'policies' ? unit.destinationRules.length > 0
      : unit.obstacle === undefined && unit.virtualServices.length > 0));
    if (!unit.service) this.styles = ['plain'];
    this.next();
  }

  public get formsLeft(): number {
    return this.styles.length;
  }

  public get file(): ChartFile {
    return this.current.lifted.file;
  }

  public get adopted(): AdoptedUnit {
    const { form, lifted } = this.current;
    return { unit: this.unit, form, lifted, refuted: this.differing };
  }

  public serves(host: string): boolean {
    return this.names.has(host);
  }

  /** Gives up the form, because traffic would differ. On another port than the service's, conditions on the port make the difference. */
  public refute(differences: readonly Difference[]): void {
    const { form: { style } } = this.current;
    const ports = this.unit.service?.spec?.ports?.map(({ port }) => port) ?? [];
    const elsewhere = differences.find(({ port }) => port !== undefined && !ports.includes(port));
    const { text } = elsewhere ?? differences[0];
    this.differing.push(text);
    if (elsewhere && this.hasPortConditions && style !== 'policies') {
      this.hasPortConditions = false;
      this.styles = [style, ...this.styles];
    } else {
      this.reasons.push({ text, isCertain: false });
    }
    this.next();
  }

  private next(): void {
    for (;;) {
      const [style, ...others] = this.styles;
      this.styles = others;
      const form = { style, hasPortConditions: this.hasPortConditions };
      try {
        const lifted = liftService(this.unit, form, this.known, this.reason);
        const objects = synthesize([lifted.file]).get(lifted.file.name)!;
        const lost = style === 'plain' ? undefined : lostIdentity(this.unit.objects, objects);
        if (lost !== undefined) throw new NotSaid(lost);
        this.current = { form, lifted };
        return;
      } catch (error) {
        if (style === 'plain') throw error;
        this.reasons.push({ text: reasonOf(error), isCertain: error instanceof NotSaid });
      }
    }
  }

  /** Why objects stay plain: what constructs cannot say, else why the last form failed. */
  private get reason(): string {
    const { reasons } = this;
    return this.unit.obstacle ?? (reasons.find(({ isCertain }) => isCertain) ?? reasons[reasons.length - 1])?.text ?? 'no construct says it';
  }
}
