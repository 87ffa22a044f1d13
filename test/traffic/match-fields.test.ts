import * as path from 'path';
import * as ts from 'typescript';

// One table holds what is known of match fields. These tests add a field to a copy of the table and compile `src` with it:
// the compiler must name every place that has to handle the field.

const ROOT = path.join(__dirname, '..', '..');
const TABLE = path.join(ROOT, 'src', 'traffic', 'match-fields.ts');
const HTTP_TABLE = 'export const HTTP_MATCH_FIELDS = {';
const CONNECTION_TABLE = 'export const CONNECTION_MATCH_FIELDS = {';

let last: ts.Program | undefined;

/** The files of `src` that do not compile when a row is added to a table. */
function filesThatRefuse(table: string, row: string): string[] {
  const config = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), file => ts.sys.readFile(file)).config as unknown;
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const settings: ts.CompilerOptions = { ...options, noEmit: true, incremental: false, composite: false, skipLibCheck: true };
  const host = ts.createCompilerHost(settings);
  const sourceOf = host.getSourceFile.bind(host);
  host.getSourceFile = (file, target, ...rest) => {
    if (path.resolve(file) !== TABLE) return last?.getSourceFile(file) ?? sourceOf(file, target, ...rest);
    const text = ts.sys.readFile(file) ?? '';
    expect(text).toContain(table);
    return ts.createSourceFile(file, text.replace(table, `${table}\n  ${row}`), target);
  };
  const sources = fileNames.filter(file => file.startsWith(path.join(ROOT, 'src') + path.sep));
  last = ts.createProgram(sources, settings, host);
  const places = ts.getPreEmitDiagnostics(last).map(({ file }) => file === undefined ? 'no file' : path.relative(ROOT, file.fileName));
  return [...new Set(places)].sort();
}

test('a condition on requests must be handled where matches are set, checked, written, translated and placed', () => {
  const row = "clientAge: { shape: 'string-matches', about: 'traffic', gateway: 'all', words: 'age' },";
  expect(filesThatRefuse(HTTP_TABLE, row)).toMatchInlineSnapshot(`
[
  "src/analysis/admission/match.ts",
  "src/envoy/delegate-matches.ts",
  "src/envoy/routes/match-places.ts",
  "src/envoy/routes/route-match.ts",
  "src/manifest/stated-term.ts",
  "src/manifest/written-match.ts",
  "src/traffic/http-match.ts",
]
`);
});

test('a condition on callers must also be handled where istiod and diff compare it with the proxy', () => {
  const row = "callerZone: { shape: 'string', about: 'caller', gateway: 'nothing', words: 'zone' },";
  expect(filesThatRefuse(HTTP_TABLE, row)).toMatchInlineSnapshot(`
[
  "src/analysis/admission/match.ts",
  "src/diff/stated-callers.ts",
  "src/envoy/delegate-matches.ts",
  "src/envoy/match-place.ts",
  "src/manifest/stated-term.ts",
  "src/manifest/written-match.ts",
  "src/traffic/http-match.ts",
]
`);
});

test('a condition on connections must be handled where TCP and TLS matches are set, checked and written', () => {
  const row = "peerNames: { shape: 'host-names', about: 'traffic', gateway: 'all', words: 'peer' },";
  expect(filesThatRefuse(CONNECTION_TABLE, row)).toMatchInlineSnapshot(`
[
  "src/analysis/admission/match.ts",
  "src/manifest/written-match.ts",
  "src/traffic/tcp-match.ts",
  "src/traffic/tls-match.ts",
]
`);
});

test('the sources compile with the table as it is', () => {
  expect(filesThatRefuse(HTTP_TABLE, '')).toEqual([]);
});
