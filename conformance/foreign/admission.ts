import type { ForeignFile } from './corpus';
import type { Explanation } from './explanation';
import { unexplained } from './explanation';
import { hasSchema } from '../../src/analysis/schema/schema-check';
import { ask, differenceOf, ofOurs } from '../analysis/admission';

/** The differences between our verdict and istiod's on documents of Istio's own repository. */
const EXPLAINED: readonly Explanation[] = [];

/** Compares our verdict on each document with istiod's. */
export async function compareForeignAdmission(files: readonly ForeignFile[],
  isWhole: boolean): Promise<{ figure: string; wrong: string[] }> {
  const documents = files.flatMap(({ path, objects }) => objects.map((object, i) => ({ id: `${path} #${i + 1} (${object.kind})`, object })))
    .filter(({ object: { apiVersion, kind } }) => hasSchema(apiVersion, kind));
  const answers = await ask(documents);
  const differences = documents.flatMap((document, i) => differenceOf(document.id, answers[i], ofOurs(document)) ?? []);
  const refused = answers.filter(({ verdict }) => verdict === 'refused').length;
  return { figure: `${documents.length} documents, ${refused} of them refused`, wrong: unexplained(differences, EXPLAINED, isWhole) };
}
