import type { JudgedPlace, Side } from './judged-place';
import { OF_GATEWAYS } from '../../edge/gateway-labels';
import type { Population } from '../../edge/population';
import type { Reach } from '../../edge/reach';
import type { UnreadItem } from '../../edge/unread-item';
import type { Proxy } from '../../envoy/proxy';
import { groupBy } from '../../manifest/group-by';
import type { Labels } from '../../manifest/labels';
import { selects } from '../../manifest/labels';

/** Finds the policies, such as `AuthorizationPolicy shop/cart`, whose changes a comparison of calls shows completely. */
export class JudgedPolicies {
  private sides?: readonly SideOfPlaces[];
  private readonly known = new Map<string, boolean>();

  constructor(private readonly old: Side, private readonly now: Side, private readonly places: readonly JudgedPlace[]) {}

  /** Whether the comparison shows all changes of an object. */
  public has({ name, isReadInbound }: UnreadItem): boolean {
    if (!isReadInbound) return false;
    let is = this.known.get(name);
    if (is === undefined) this.known.set(name, is = this.judges(name));
    return is;
  }

  private judges(name: string): boolean {
    this.sides ??= [new SideOfPlaces(this.old, this.places, 'before'), new SideOfPlaces(this.now, this.places, 'after')];
    const reached = this.sides.map(side => side.reached(name));
    return reached.some(each => each?.isAny) && reached.every(each => each?.open.every(({ named }) => named.has(name)) ?? false);
  }
}

/** The places whose proxies a policy reaches. */
interface Reached {
  readonly isAny: boolean;
  /** Those that differ, and where the comparison may not show every change. */
  readonly open: readonly JudgedPlace[];
}

/** A proxy, and the labels of its pods as far as they are known. */
interface KnownProxy {
  readonly proxy: Proxy;
  readonly pods: readonly Labels[];
  /** Undefined for pods that no comparison judges. */
  readonly place?: JudgedPlace;
}

/** The places as one side has them. */
class SideOfPlaces {
  private readonly items: ReadonlyMap<string, readonly UnreadItem[]>;
  private readonly proxies: readonly KnownProxy[];
  private readonly byNamespace: ReadonlyMap<string, readonly KnownProxy[]>;
  private readonly known = new Map<string, Reached | undefined>();

  constructor(side: Side, places: readonly JudgedPlace[], at: 'before' | 'after') {
    const { population, items } = side.edge;
    this.items = groupBy(items.filter(({ isReadInbound }) => isReadInbound), ({ name }) => name);
    this.proxies = [
      ...places.map(place => knownProxy(place[at], population, place)),
      ...withoutSidecar(side).map(proxy => knownProxy(proxy, population)),
    ];
    this.byNamespace = groupBy(this.proxies, ({ proxy }) => proxy.namespace);
  }

  /** The places whose proxies a policy reaches; undefined if that is not known, or if it reaches pods that are not judged. */
  public reached(name: string): Reached | undefined {
    let [isAny, open]: [boolean, readonly JudgedPlace[]] = [false, []];
    for (const reach of (this.items.get(name) ?? []).flatMap(({ reaches }) => reaches)) {
      const found = this.reachedBy(reach);
      if (found === undefined) return undefined;
      isAny ||= found.isAny;
      open = [...open, ...found.open];
    }
    return { isAny, open };
  }

  /** Many policies of a namespace reach the same. */
  private reachedBy(reach: Reach): Reached | undefined {
    const key = JSON.stringify(reach);
    if (!this.known.has(key)) this.known.set(key, this.find(reach));
    return this.known.get(key);
  }

  private find(reach: Reach): Reached | undefined {
    if (reach.hosts !== undefined) return undefined;
    let isAny = false;
    const open: JudgedPlace[] = [];
    for (const { proxy, pods, place } of reach.namespace === undefined ? this.proxies : this.byNamespace.get(reach.namespace) ?? []) {
      const is = isReached(reach, proxy, pods);
      if (is === undefined || (is && place === undefined)) return undefined;
      if (!is || !place) continue;
      isAny = true;
      if (place.differs && !place.isWhole) open.push(place);
    }
    return { isAny, open };
  }
}

function knownProxy(proxy: Proxy, population: Population, place?: JudgedPlace): KnownProxy {
  return { proxy, pods: population.of(proxy.namespace, proxy.labels ?? {}).pods, place };
}

/** The pods of services that certainly have no sidecar. */
function withoutSidecar({ translator, edge }: Side): readonly Proxy[] {
  return translator.services.flatMap(({ host, ports }) => ports.flatMap(({ number }) => translator.takersAt(host, number)))
    .map(({ proxy }) => proxy).filter(proxy => edge.isWithoutSidecar(proxy));
}

/** Whether an object reaches a proxy; undefined if the labels that are known do not decide that. */
function isReached({ selector = {}, proxies }: Reach, { labels = {}, type }: Proxy, pods: readonly Labels[]): boolean | undefined {
  if (proxies !== undefined && proxies !== type) return false;
  const known = pods.length > 0 ? pods : [labels];
  const taken = known.filter(pod => selects(selector, pod)).length;
  if (taken === known.length) return true;
  if (taken > 0) return undefined;
  const mayHave = (key: string) => type === 'gateway' || !OF_GATEWAYS.has(key);
  const mayBeTaken = Object.entries(selector).every(([key, value]) => (labels[key] === undefined ? mayHave(key) : labels[key] === value));
  return pods.length === 0 && mayBeTaken ? undefined : false;
}
