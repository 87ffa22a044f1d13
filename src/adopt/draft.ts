import type { ChartFile } from './code';
import { exposedServices } from './exposed-services';
import { lostIdentity } from './identity';
import type { KnownServices, ServiceFile } from './known-services';
import { liftGateway } from './lift-gateway';
import { liftService } from './lift-service';
import type { ExposedAs, Form, Lifted, Style } from './lifted';
import { reasonOf } from './lifted';
import { NotSaid } from './not-said';
import type { Difference } from './proof';
import { synthesize } from './synthesize';
import type { ServiceUnit } from './unit';
import { fullHost } from '../manifest/host-name';
import { manifestsOf } from '../manifest/manifest';

const ROUTE_STYLES: readonly Style[] = ['intents', 'routes', 'ordered routes'];

/** What a unit needs of the others. */
export interface Surroundings {
  readonly known: KnownServices;
  /** How a gateway that is written as constructs leads to the service, if one does. */
  readonly exposed: (host: string) => ExposedAs | undefined;
  /** The draft of the service or the external dependency. */
  readonly service: (host: string) => Draft | undefined;
  /** Whether a rule of another host has the host as a destination. */
  readonly isTarget: (host: string) => boolean;
}

/** A unit in the first form that constructs accept, and that no proof has refuted. */
export class Draft {
  private styles: readonly Style[];
  private hasPortConditions = true;
  private readonly names: ReadonlySet<string>;
  private readonly reasons: { readonly style: Style; readonly text: string; readonly isCertain: boolean }[] = [];
  private readonly differing: string[] = [];
  /** The drafts of which it has asked for a file, by the name of the file. */
  private readonly taken = new Map<string, Draft>();
  private current?: { readonly form: Form; readonly lifted: Lifted };

  constructor(public readonly unit: ServiceUnit, private readonly around: Surroundings) {
    this.names = servedNames(unit, around.known.clusterDomain);
    this.styles = stylesOf(unit);
  }

  /** The number of other forms that it can still take. */
  public get formsLeft(): number {
    return this.styles.length - (this.current ? 0 : 1);
  }

  /** Whether it has no form at the moment. */
  public get isPending(): boolean {
    return this.current === undefined;
  }

  public get lifted(): Lifted {
    return this.settled.lifted;
  }

  public get file(): ChartFile {
    return this.lifted.file;
  }

  public get refuted(): readonly string[] {
    return this.differing;
  }

  public get style(): Style {
    return this.settled.form.style;
  }

  /** The services that it exposes, if it is written as constructs. */
  public get exposes(): readonly (readonly [host: string, as: ExposedAs])[] {
    const { unit, styles: [next], current } = this;
    const style = current?.form.style ?? next;
    if (unit.kind !== 'gateway' || style === 'plain') return [];
    return exposedServices(unit, this.around.known.clusterDomain).map(host => [host, style === 'shared' ? 'shared' : 'separate']);
  }

  public serves(host: string): boolean {
    return this.names.has(host);
  }

  /** Gives up the form, because traffic would differ. On another port than the service's, conditions on the port make the difference. */
  public refute(differences: readonly Difference[]): void {
    const { style } = this;
    const ports = this.unit.service?.spec?.ports?.map(({ port }) => port) ?? [];
    const elsewhere = this.unit.service && differences.find(({ port }) => port !== undefined && !ports.includes(port));
    const { text } = elsewhere ?? differences[0];
    this.differing.push(text);
    this.current = undefined;
    if (elsewhere && this.hasPortConditions && ROUTE_STYLES.includes(style)) {
      this.hasPortConditions = false;
      this.styles = [style, ...this.styles];
    } else {
      this.reasons.push({ style, text, isCertain: false });
    }
  }

  /** Gives up the result, but not the form, after others have changed. */
  public reset(): void {
    if (this.current) this.styles = [this.current.form.style, ...this.styles];
    this.current = undefined;
  }

  /** Tries the next form. */
  public tryNext(): void {
    const [style, ...others] = this.styles;
    this.styles = others;
    const form = { style, hasPortConditions: this.hasPortConditions };
    try {
      const lifted = this.lift(form);
      const objects = synthesize([...this.before(lifted.file), lifted.file]).get(lifted.file.name)!;
      const lost = style === 'plain' ? undefined : lostIdentity(this.unit.objects.filter(each => !lifted.dropped?.includes(each)), objects);
      if (lost !== undefined) throw new NotSaid(lost);
      this.current = { form, lifted };
    } catch (error) {
      if (style === 'plain') throw error;
      this.reasons.push({ style, text: reasonOf(error), isCertain: error instanceof NotSaid });
    }
  }

  private lift(form: Form): Lifted {
    const { unit, around: { known, exposed, isTarget }, reason } = this;
    if (unit.kind === 'gateway') return liftGateway(unit, form, known, host => this.find(host), reason);
    const as = exposed(unit.host);
    const isTaken = as !== undefined || (unit.kind === 'host' && isTarget(unit.host));
    return liftService(unit, form, { known, exposed: as, isTaken, find: host => this.find(host) }, reason);
  }

  private find(host: string): ServiceFile | undefined {
    const draft = this.around.service(host);
    if (!draft || draft.stage >= this.stage || draft.isPending) return undefined;
    const { file: { name, exported, exportedClass } } = draft;
    if (exported === undefined) return undefined;
    this.taken.set(name, draft);
    return { file: name, exported, ofClass: exportedClass! };
  }

  /** The order in which units are written: what others take comes first. */
  public get stage(): number {
    if (this.unit.kind === 'gateway') return 2;
    return this.unit.kind === 'host' && this.unit.serviceEntries.length > 0 ? 0 : 1;
  }

  /** The files that a file takes something of, each after those that it takes something of itself. */
  private before({ inputs }: ChartFile): readonly ChartFile[] {
    const drafts = inputs.map(({ file }) => this.taken.get(file)!);
    return [...new Set(drafts.flatMap(draft => [...draft.before(draft.file), draft.file]))];
  }

  private get settled(): { readonly form: Form; readonly lifted: Lifted } {
    if (!this.current) throw new Error(`the unit ${this.unit.host} is not written`);
    return this.current;
  }

  /** Why objects stay plain: what constructs cannot say, else why the last form failed. */
  private get reason(): string {
    const { unit } = this;
    if (unit.kind === 'host' && unit.serviceEntries.length === 0) return `no Service or ServiceEntry of the input has the host '${unit.host}'`;
    // Whether routes can be shared with the mesh says nothing about the routes themselves.
    const reasons = this.reasons.filter(({ style }) => style !== 'shared');
    return (reasons.find(({ isCertain }) => isCertain) ?? reasons[reasons.length - 1])?.text ?? 'no construct says it';
  }
}

function stylesOf({ kind, objects, virtualServices, destinationRules, serviceEntries }: ServiceUnit): readonly Style[] {
  const parts = virtualServices.length + destinationRules.length;
  const isLiftable = kind === 'gateway' || (kind === 'service' && objects.length === parts) || (kind === 'host' && serviceEntries.length > 0);
  return [
    ...(kind === 'gateway' ? ['shared' as const] : []),
    ...(isLiftable && virtualServices.length > 0 ? ROUTE_STYLES : []),
    ...(isLiftable && destinationRules.length + serviceEntries.length > 0 ? ['policies' as const] : []),
    'plain',
  ];
}

/** The full names of the hosts that a unit routes. */
export function servedNames(unit: ServiceUnit, clusterDomain: string): ReadonlySet<string> {
  const hosts = unit.virtualServices.flatMap(({ spec, metadata: { namespace } }) => (
    (spec?.hosts ?? []).map(each => fullHost(each, namespace!, clusterDomain))));
  const served = manifestsOf(unit.objects, 'Gateway').flatMap(({ spec }) => (spec?.servers ?? []).flatMap(server => server.hosts ?? []));
  return new Set([unit.host, ...hosts, ...served]);
}
