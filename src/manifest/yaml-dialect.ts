import type { DocumentProblem } from './document-text';
import type { DocumentNodes, ScalarPlace } from './node-places';
import { NodePlaces } from './node-places';
import { lineBreaks } from './text-scan';

const TAB = /^ *\t/gm;
const UNICODE_BREAK = /[\u0085\u2028\u2029]/g;
/** What a string without quotes may hold in a flow collection that YAML 1.1 reads otherwise. */
const UNLIKE_IN_FLOW = /\?|:[^\s]/;
/** What ends a string without quotes in a flow collection of YAML 1.1. */
const FLOW_INDICATORS = ',[]{}';

const TAB_PROBLEM = { message: 'Kubernetes refuses a tab at the begin of a line', repair: 'write spaces' };
const BREAK_PROBLEM = { message: 'Kubernetes takes U+0085, U+2028 and U+2029 for line breaks', repair: 'remove the character' };
const FLOW_PROBLEM = {
  message: 'between braces or brackets, Kubernetes reads `?` and `:` in a string without quotes in another way',
  repair: 'put the string in quotes',
};

/** What Kubernetes' parser, which is one of YAML 1.1 written in Go, refuses or reads in another way than js-yaml does. */
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

/** In quotes, U+2028 and U+2029 stay what they are. */
function isAllowedBreak({ index, 0: character }: RegExpExecArray, scalars: readonly ScalarPlace[], text: string): boolean {
  const scalar = scalars.find(({ begin, end }) => begin <= index && index < end);
  return character !== '\u0085' && scalar !== undefined && '"\''.includes(text[scalar.begin]);
}

/** Tabs stand in strings and in flow collections; in a block behind its indentation. */
function isAllowedTab(
  { index, 0: indentation }: RegExpExecArray, scalars: readonly ScalarPlace[], { flowCollections }: NodePlaces, text: string,
): boolean {
  const position = index + indentation.length - 1;
  const scalar = scalars.find(({ begin, end }) => begin <= position && position < end);
  if (!scalar) return flowCollections.some(({ begin, end }) => begin <= position && position < end);
  if ('|>'.includes(text[scalar.begin])) return indentation.length - 1 >= indentationOf(text.slice(scalar.begin, scalar.end));
  return text[scalar.begin] !== '*';
}

/** How far the first line of a block scalar is indented. */
function indentationOf(block: string): number {
  return /\n( *)[^\s]/.exec(block)?.[1].length ?? 0;
}

function isReadOtherwise({ begin, end }: ScalarPlace, text: string): boolean {
  if ('"\'&*!'.includes(text[begin])) return false;
  const endsInColon = text[end] === ':' && FLOW_INDICATORS.includes(text[end + 1] ?? 'none');
  return text[begin] === ':' || endsInColon || text.slice(begin, end).includes('?');
}
