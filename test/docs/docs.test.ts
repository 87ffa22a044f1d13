import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { blocksOf, DOCS, isTest, load, pages, programsOf, write } from '../../conformance/pages';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';
import { manifests, newChart } from '../manifests';

/** Runs a snippet on a chart of its own. */
function run(text: string) {
  const { exports, tests: shown } = load(text, expect);
  return { chart: exports.run!(newChart()), tests: shown };
}

/** Whether a manifest is the one of which a page shows a part. */
function isFor({ kind, metadata }: Manifest, wanted: Manifest): boolean {
  return (
    kind === wanted.kind
    && metadata.name === wanted.metadata.name
    && (wanted.metadata.namespace ?? metadata.namespace) === metadata.namespace
  );
}

const programs = pages().flatMap(programsOf);
const snippets = programs.filter(({ mode }) => !isTest(mode) && mode !== 'program');
const whole = programs.filter(({ mode }) => mode === 'program');
const tests = programs.filter(({ mode }) => mode === 'test');
const failing = programs.filter(({ mode }) => mode === 'fails');

describe('the documents', () => {
  test.each(snippets)('$title renders the manifest, or throws the message, shown next to it', ({ text, mode, shown }) => {
    if (mode === 'throws') {
      let message = '';
      try {
        manifests(run(text).chart);
      } catch (e) {
        message = (e as Error).message;
      }
      expect(message).toContain(shown.text.trim());
      return;
    }
    const made = manifests(run(text).chart);
    expect(made.flatMap(crdErrors)).toEqual([]);
    if (shown?.language !== 'yaml') return;
    for (const wanted of yaml.loadAll(shown.text) as Manifest[]) {
      expect(made.find(m => isFor(m, wanted))).toMatchObject(wanted);
    }
  });

  test.each(whole)('$title is a program that writes the files shown next to it', ({ text, shown }) => {
    expect([...write(text).keys()]).toEqual(shown.text.trim().split('\n'));
  });

  test('show only Python code that the conformance suite runs', () => {
    const folder = join(__dirname, '../../conformance/python');
    const suite = readdirSync(folder).filter(file => file.endsWith('.py')).map(file => readFileSync(join(folder, file), 'utf8'));
    const shown = pages().flatMap(file => blocksOf(join(DOCS, file)).filter(({ language }) => language === 'python'));
    expect(shown.filter(({ text }) => !suite.some(program => program.includes(text.trim())))).toEqual([]);
    expect(shown).not.toEqual([]);
  });

  test.each(tests)('$title is a test that passes', ({ text }) => {
    const shown = run(text).tests;
    expect(shown).not.toEqual([]);
    for (const { body } of shown) {
      const before = expect.getState().assertionCalls;
      body();
      expect(expect.getState().assertionCalls).toBeGreaterThan(before);
    }
  });

  test.each(failing)('$title is a test that fails with the message shown next to it', ({ text, shown }) => {
    const [only, ...others] = run(text).tests;
    expect(others).toEqual([]);
    expect(only.body).toThrow(shown.text.trim());
  });
});
