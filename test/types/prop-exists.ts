import * as ts from 'typescript';
import { index, program } from './program';

const checker = program.getTypeChecker();
const exported = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(index)!).map(symbol => [symbol.name, symbol] as const));

/** The index only re-exports from other files. */
const isAlias = (symbol: ts.Symbol) => symbol.declarations?.some(ts.isExportSpecifier);

/** The types that may have the next name as a property: props, options, and for classes their static factories. */
type Place = readonly ts.Type[];

function paramsOf(signatures: readonly ts.Signature[]): ts.Type[] {
  return signatures.flatMap(signature => signature.parameters.map(parameter => checker.getTypeOfSymbol(parameter)));
}

/** A class has its static factories, its members and the props of its constructor. */
function placeOfClass(symbol: ts.Symbol): Place {
  const statics = checker.getTypeOfSymbol(symbol);
  return [statics, checker.getDeclaredTypeOfSymbol(symbol), ...paramsOf(statics.getConstructSignatures())];
}

function placeOf(type: ts.Type): Place {
  const bare = checker.getNonNullableType(type);
  if (bare.isUnion()) return bare.types.flatMap(placeOf);
  const calls = bare.getCallSignatures();
  if (calls.length > 0) return paramsOf(calls).flatMap(placeOf);
  if (checker.isArrayType(bare)) return placeOf(checker.getTypeArguments(bare as ts.TypeReference)[0]);
  const values = bare.getStringIndexType();
  if (values) return placeOf(values);
  return bare.isClass() ? placeOfClass(bare.symbol) : [bare];
}

/** Whether the sources have a construct with this prop, such as `ClientTls.tls.simple.sni`. */
export function propExists(prop: string): boolean {
  const [construct, ...names] = prop.split('.');
  const alias = exported.get(construct);
  if (!alias) return false;
  let place: Place = placeOfClass(isAlias(alias) ? checker.getAliasedSymbol(alias) : alias);
  for (const name of names) {
    const found = place.map(type => checker.getPropertyOfType(checker.getNonNullableType(type), name)).find(symbol => symbol !== undefined);
    if (!found) return false;
    place = placeOf(checker.getTypeOfSymbol(found));
  }
  return true;
}
