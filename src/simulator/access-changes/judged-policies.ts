import type { JudgedPlace, Side } from './judged-place';
import type { Edge } from '../../edge/edge';
import { OF_GATEWAYS } from '../../edge/gateway-labels';
import type { Reach } from '../../edge/reach';
import type { UnreadItem } from '../../edge/unread-item';
import type { Proxy } from '../../envoy/proxy';
import { groupBy } from '../../manifest/group-by';
import { selects } from '../../manifest/labels';

/** The policies of which a comparison of calls tells all, such as `AuthorizationPolicy shop/cart`. */
export function judgedPolicies(old: Side, now: Side, places: readonly JudgedPlace[]): ReadonlySet<string> {
  const policies = [old, now].map(({ edge }) => groupBy(edge.items.filter(({ isReadInbound }) => isReadInbound), ({ name }) => name));
  const names = [...new Set(policies.flatMap(each => [...each.keys()]))];
  const judges = [old, now].map(side => new SideJudge(side));
  return new Set(names.filter(name => {
    const reached = judges.map((judge, side) => judge.reached(policies[side].get(name) ?? [], places, side === 0 ? 'before' : 'after'));
    if (reached.includes(undefined)) return false;
    const all = reached.flatMap(each => each ?? []);
    return all.length > 0 && all.every(({ differs, isWhole, named }) => !differs || isWhole || named.has(name));
  }));
}

class SideJudge {
  private readonly outside: readonly Proxy[];

  constructor(private readonly side: Side) {
    this.outside = withoutSidecar(side);
  }

  /** The places whose proxies a policy reaches; undefined if that is not known, or if it reaches proxies that are not judged. */
  public reached(items: readonly UnreadItem[], places: readonly JudgedPlace[], at: 'before' | 'after'): JudgedPlace[] | undefined {
    const found: JudgedPlace[] = [];
    for (const reach of items.flatMap(({ reaches }) => reaches)) {
      if (reach.hosts !== undefined || this.outside.some(proxy => isReached(reach, proxy, this.side.edge) !== false)) return undefined;
      for (const place of places) {
        const is = isReached(reach, place[at], this.side.edge);
        if (is === undefined) return undefined;
        if (is) found.push(place);
      }
    }
    return found;
  }
}

/** The pods of services that certainly have no sidecar. */
function withoutSidecar({ translator, edge }: Side): readonly Proxy[] {
  return translator.services.flatMap(({ host, ports }) => ports.flatMap(({ number }) => translator.takersAt(host, number)))
    .map(({ proxy }) => proxy).filter(proxy => edge.isWithoutSidecar(proxy));
}

/** Whether an object reaches a proxy; undefined if the labels that are known do not decide that. */
function isReached({ namespace, selector = {}, proxies }: Reach, proxy: Proxy, edge: Edge): boolean | undefined {
  const { labels = {}, type } = proxy;
  if (proxies !== undefined && proxies !== type) return false;
  if (namespace !== undefined && namespace !== proxy.namespace) return false;
  const pods = edge.population.of(proxy.namespace, labels).pods;
  const known = pods.length > 0 ? pods : [labels];
  const taken = known.filter(pod => selects(selector, pod)).length;
  if (taken === known.length) return true;
  if (taken > 0) return undefined;
  const mayHave = (key: string) => type === 'gateway' || !OF_GATEWAYS.has(key);
  const mayBeTaken = Object.entries(selector).every(([key, value]) => (labels[key] === undefined ? mayHave(key) : labels[key] === value));
  return pods.length === 0 && mayBeTaken ? undefined : false;
}
