import { hostsOverlap } from '../../src/manifest/host-name';
import { HostOverlaps } from '../../src/manifest/host-overlaps';
import { seeded } from '../../src/simulator/load/random';

const LABELS = ['a', 'b', 'shop', 'com'];

/** Hosts of few labels, wildcards among them, so that many overlap. */
function drawnHosts(random: () => number, count: number): string[] {
  const host = () => {
    const name = Array.from({ length: 1 + Math.floor(random() * 3) }, () => LABELS[Math.floor(random() * LABELS.length)]).join('.');
    return [name, name, `*.${name}`, `*${name}`, '*', `*.${name}.`][Math.floor(random() * 6)];
  };
  return [...new Set(Array.from({ length: count }, host))];
}

test('a host overlaps with the hosts that share a name with it, in their order', () => {
  const random = seeded(7);
  for (let round = 0; round < 200; round++) {
    const hosts = drawnHosts(random, 12);
    const overlaps = new HostOverlaps(hosts);
    for (const host of drawnHosts(random, 12)) {
      expect([host, overlaps.of(host)]).toEqual([host, hosts.filter(other => hostsOverlap(host, other))]);
    }
  }
});
