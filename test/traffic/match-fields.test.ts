import * as path from 'path';
import * as ts from 'typescript';

// One table holds what is known of match fields. This test adds fields to copies of the table and of Istio's API, and compiles `src` with
// them: the compiler must name every place that has to handle a field, by an error that names the field.

const ROOT = path.join(__dirname, '..', '..');

/** What the copy of a file has after one of its lines. */
type Additions = readonly (readonly [file: string, line: string, added: string])[];

const STRINGS = 'readonly [key: string]: StringMatch';
const ADDED: Additions = [
  ['src/traffic/match-fields.ts', 'export const HTTP_MATCH_FIELDS = {', `
    clientAge: { shape: 'string-matches', about: 'traffic', gateway: 'all', words: 'age' },
    clientName: { shape: 'string-match', about: 'traffic', gateway: 'all', words: 'client' },
    clientVersion: { shape: 'string-match', about: 'traffic', gateway: 'all', words: 'version' },
    callerZone: { shape: 'string', about: 'caller', gateway: 'nothing', words: 'zone' },`],
  ['src/traffic/match-fields.ts', 'export const CONNECTION_MATCH_FIELDS = {', `
    peerNames: { shape: 'host-names', about: 'traffic', gateway: 'all', words: 'peer' },`],
  ['src/manifest/istio-specs.generated.ts', 'export interface HTTPMatchRequest {',
    `readonly clientAge?: { ${STRINGS} }; readonly callerZone?: string;
    readonly clientName?: StringMatch; readonly clientVersion?: StringMatch;`],
  ['src/manifest/istio-specs.generated.ts', 'export interface L4MatchAttributes {', 'readonly peerNames?: readonly string[];'],
  ['src/manifest/istio-specs.generated.ts', 'export interface TLSMatchAttributes {', 'readonly peerNames?: readonly string[];'],
];
/** The place that the compiler names first for a string of every request. It names others only when this one has the field. */
const PSEUDO_HEADER: Additions = [['src/envoy/routes/match-places.ts', 'export const PSEUDO_HEADERS = {', "clientVersion: ':version',"]];

function copyOf(file: string, text: string, additions: Additions): string {
  return additions.filter(([of]) => of === file).reduce((copy, [, line, added]) => {
    expect(copy).toContain(line);
    return copy.replace(line, `${line} ${added}`);
  }, text);
}

/** The compiler's errors in `src` with these additions: the file, and the message. */
function errorsWith(additions: Additions): (readonly [file: string, message: string])[] {
  const config = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), file => ts.sys.readFile(file)).config as unknown;
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const settings: ts.CompilerOptions = {
    ...options, noEmit: true, incremental: false, composite: false, skipLibCheck: true, noErrorTruncation: true,
  };
  const host = ts.createCompilerHost(settings);
  const read = host.readFile.bind(host);
  host.readFile = file => {
    const text = read(file);
    return text === undefined ? undefined : copyOf(path.relative(ROOT, file), text, additions);
  };
  const sources = fileNames.filter(file => file.startsWith(path.join(ROOT, 'src') + path.sep));
  return ts.getPreEmitDiagnostics(ts.createProgram(sources, settings, host)).map(({ file, messageText }) => [
    file === undefined ? 'no file' : path.relative(ROOT, file.fileName), ts.flattenDiagnosticMessageText(messageText, '\n'),
  ]);
}

const NAMES = ['clientAge', 'clientName', 'clientVersion', ':version', 'callerZone', 'peerNames'];

/** The added fields that an error calls missing. */
function missingIn(message: string): string[] {
  const alone = [...message.matchAll(/Property '"?([^'"]+)"?' (?:is missing|does not exist)/g)].map(([, name]) => name);
  const listed = [...message.matchAll(/missing the following properties from type .*: ([^:]+)$/gm)].flatMap(([, names]) => names.split(', '));
  return NAMES.filter(name => alone.includes(name) || listed.includes(name));
}

test('the compiler names each place that must handle a new field, and nothing else fails', () => {
  const places = new Map<string, readonly string[]>();
  for (const [file, message] of errorsWith([...ADDED, ...PSEUDO_HEADER])) {
    const known = [...places.get(file) ?? [], ...missingIn(message)];
    places.set(file, NAMES.filter(name => known.includes(name)));
  }
  expect([...places].filter(([, names]) => names.length === 0)).toEqual([]);
  expect([...places].map(([file, names]) => `${file}: ${names.join(', ')}`).sort()).toMatchInlineSnapshot(`
[
  "src/analysis/admission/match.ts: clientAge, clientName, clientVersion, callerZone, peerNames",
  "src/analysis/facts/mesh-rivals.ts: callerZone",
  "src/analysis/rules/conditions/regex-never-matches.ts: clientAge, clientName, clientVersion",
  "src/diff/route-term.ts: clientName",
  "src/diff/stated-callers.ts: callerZone",
  "src/envoy/listeners/chain-match.ts: peerNames",
  "src/envoy/match-place.ts: callerZone",
  "src/envoy/routes/match-places.ts: clientAge, clientName",
  "src/envoy/routes/route-match.ts: clientName",
  "src/manifest/stated-term.ts: clientAge",
  "src/proof/example-request.ts: clientVersion",
  "src/proof/fields.ts: clientVersion",
  "src/simulator/request.ts: :version",
  "src/traffic/http-match.ts: clientAge, clientName, clientVersion, callerZone",
  "src/traffic/tcp-match.ts: peerNames",
  "src/traffic/tls-match.ts: peerNames",
]
`);
});
