import type { DocumentProblem } from './document-text';
import type { DocumentNodes, ScalarPlace } from './node-places';
import { NodePlaces } from './node-places';
import { lineBreaks } from './text-scan';

const TAB = /^ *\t/gm;
const UNICODE_BREAK = /[\u0085\u2028\u2029]/g;
/** What YAML 1.1 reads differently in an unquoted string in a flow collection. */
const UNLIKE_IN_FLOW = /\?|:[^\s]/;
/** What ends an unquoted string in a flow collection of YAML 1.1. */
const FLOW_INDICATORS = ',[]{}';

const TAB_PROBLEM = { message: 'Kubernetes rejects a tab at the start of a line', repair: 'write spaces' };
const BREAK_PROBLEM = { message: 'Kubernetes treats U+0085, U+2028 and U+2029 as line breaks', repair: 'remove the character' };
const FLOW_PROBLEM = {
  message: 'between braces or brackets, Kubernetes reads `?` and `:` in an unquoted string differently',
  repair: 'quote the string',
};

/** Reports what Kubernetes' parser (YAML 1.1, in Go) rejects or reads differently than js-yaml. */
export function dialectProblems(nodes: DocumentNodes): DocumentProblem[] {
  const { text } = nodes;
  const tabs = matches(TAB, text);
  const breaks = matches(UNICODE_BREAK, text);
  const mayHaveFlow = /[[{]/.test(text) && UNLIKE_IN_FLOW.test(text);
  if (tabs.length === 0 && breaks.length === 0 && !mayHaveFlow) return [];
  const places = new NodePlaces(nodes);
  const { scalars } = places;
  const found: (readonly [position: number | undefined, problem: Omit<DocumentProblem, 'line'>])[] = [
    [tabs.find(match => !isAllowedTab(match, scalars, places, text))?.index, TAB_PROBLEM],
    [breaks.find(match => !isAllowedBreak(match, scalars, text))?.index, BREAK_PROBLEM],
    [scalars.find(scalar => scalar.isInFlow && isReadOtherwise(scalar, text))?.begin, FLOW_PROBLEM],
  ];
  return found.flatMap(([position, problem]) => (position === undefined ? [] : [{ line: 1 + lineBreaks(text, 0, position), ...problem }]));
}

function matches(pattern: RegExp, text: string): RegExpExecArray[] {
  return text.search(pattern) < 0 ? [] : [...text.matchAll(pattern)];
}

/** Quoted strings keep U+2028 and U+2029. */
function isAllowedBreak({ index, 0: character }: RegExpExecArray, scalars: readonly ScalarPlace[], text: string): boolean {
  const scalar = scalars.find(({ begin, end }) => begin <= index && index < end);
  return character !== '\u0085' && scalar !== undefined && '"\''.includes(text[scalar.begin]);
}

/** Tabs are allowed in strings and in flow collections, and in a block after its indentation. */
function isAllowedTab(
  { index, 0: indentation }: RegExpExecArray, scalars: readonly ScalarPlace[], { flowCollections }: NodePlaces, text: string,
): boolean {
  const position = index + indentation.length - 1;
  const scalar = scalars.find(({ begin, end }) => begin <= position && position < end);
  if (!scalar) return flowCollections.some(({ begin, end }) => begin <= position && position < end);
  if ('|>'.includes(text[scalar.begin])) return indentation.length - 1 >= indentationOf(text.slice(scalar.begin, scalar.end));
  return text[scalar.begin] !== '*';
}

/** The indentation of the first line of a block scalar. */
function indentationOf(block: string): number {
  return /\n( *)[^\s]/.exec(block)?.[1].length ?? 0;
}

function isReadOtherwise({ begin, end }: ScalarPlace, text: string): boolean {
  if ('"\'&*!'.includes(text[begin])) return false;
  const endsInColon = text[end] === ':' && FLOW_INDICATORS.includes(text[end + 1] ?? 'none');
  return text[begin] === ':' || endsInColon || text.slice(begin, end).includes('?');
}
