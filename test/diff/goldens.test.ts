import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changes, side } from './sides';
import { callerClasses } from '../../src/diff/caller-classes';
import { callersOf } from '../../src/diff/callers';
import { compareProxies } from '../../src/diff/compare-proxies';
import { ProxyTraffic } from '../../src/diff/proxy-traffic';

const folder = join(__dirname, '../../conformance/goldens');
const inputs = readdirSync(folder).filter(name => existsSync(join(folder, name, 'input.yaml')))
  .map(name => ({ name, text: readFileSync(join(folder, name, 'input.yaml'), 'utf8') }));

/** Namespaces of two more teams, without special configuration. */
const TEAMS = ['one', 'two'].map(name => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: team-${name} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`).join('');

describe('every case of the conformance suite', () => {
  test('is the same traffic with its documents in reverse order', () => {
    const different = inputs.filter(({ text }) => changes(text, text.split(/^---\n/m).reverse().join('---\n')).length > 0);
    expect(different.map(({ name }) => name)).toEqual([]);
    expect(inputs.length).toBeGreaterThan(100);
  });

  test('sends callers of one class the same, except for short names', () => {
    let together = 0;
    const different = inputs.flatMap(({ name, text }) => {
      const { objects, translator } = side(`${text}${TEAMS}`);
      return callerClasses(
        callersOf(objects),
        objects,
        [undefined],
      ).flatMap(({ representative, members }) => members.slice(1).flatMap(member => {
        together++;
        const [one, other] = [representative, member].map(caller => new ProxyTraffic(translator.translate(caller)));
        return compareProxies(one, other).filter(({ kind }) => kind !== 'names').map(({ kind, host }) => `${name}: ${kind} ${host}`);
      }));
    });
    expect(different).toEqual([]);
    expect(together).toBeGreaterThan(100);
  });
});
