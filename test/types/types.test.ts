import * as ts from 'typescript';
import { program, snippetFiles } from './program';
import { propExists } from './prop-exists';
import { isProp } from '../../conformance/fields/claim';
import { KINDS } from '../../conformance/fields/table';

test('the documents hold only snippets that compile', () => {
  // `npm run typecheck` reads all other files.
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...snippetFiles.flatMap(file => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  const problems = diagnostics.map(d => `${d.file?.fileName.split('/').pop()}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
  expect(problems).toEqual([]);
  expect(snippetFiles.length).toBeGreaterThan(8);
});

describe('the table of fields', () => {
  const claims = Object.values(KINDS).flatMap(all => Object.values(all)).filter(isProp);
  const props = [
    ...new Set(claims.flatMap(({ prop, with: beside = [] }) => [prop, ...beside.map(name => `${prop.split('.')[0]}.${name}`)])),
  ];

  test('names only props that exist', () => {
    expect(props.filter(prop => !propExists(prop))).toEqual([]);
  });

  test('would report a prop that does not exist', () => {
    expect(['Nobody', 'ClientTls.nothing', 'ClientTls.tls.simple.nothing', 'TrafficRoute.matches.uri.nothing'].filter(propExists)).toEqual(
      [],
    );
  });
});
