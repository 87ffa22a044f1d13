import { addToGroup } from './group-by';
import { hostsOverlap, isWildcard } from './host-name';

/** Finds which of many hosts share a name with another host, and compares few of them. */
export class HostOverlaps {
  private readonly places = new Map<string, number>();
  /** The hosts by each part of labels with which they end, such as `.example.com`. */
  private readonly byEnd = new Map<string, string[]>();
  /** The wildcards that begin within a label, such as `*` and `*shop.example.com`. */
  private readonly unusual: string[] = [];

  public constructor(private readonly hosts: readonly string[]) {
    for (const [place, host] of hosts.entries()) {
      this.places.set(host, place);
      if (isUnusual(host)) this.unusual.push(host);
      for (const end of endsOf(host)) addToGroup(this.byEnd, end, host);
    }
  }

  /** The hosts that share a name with a host, in their order. */
  public of(host: string): readonly string[] {
    if (isUnusual(host)) return this.hosts.filter(other => hostsOverlap(host, other));
    const inside = isWildcard(host) ? this.byEnd.get(host.slice(1)) ?? [] : [];
    const around = [host, ...endsOf(host).map(end => `*${end}`)].filter(other => this.places.has(other));
    const found = new Set([...inside, ...around, ...this.unusual.filter(other => hostsOverlap(host, other))]);
    return [...found].sort((a, b) => this.places.get(a)! - this.places.get(b)!);
  }
}

function isUnusual(host: string): boolean {
  return isWildcard(host) && !host.startsWith('*.');
}

/** The ends of a host that begin with a dot: of `a.b.c` and of `*.b.c`, `.b.c` and `.c`. */
function endsOf(host: string): string[] {
  const ends: string[] = [];
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) ends.push(host.slice(dot));
  return ends;
}
