import type { SourceText } from './source-text';
import { RefusedText, TextBytes } from '../../manifest/text-file';
import { UsageError } from '../usage-error';

const STDIN = { file: 'stdin', within: 'stdin' };

/** Reads standard input to its end, even if it arrives slowly. */
export async function readStandardInput(): Promise<SourceText> {
  if (process.stdin.isTTY) throw new UsageError('- reads standard input, which is the terminal; pipe manifests into the command');
  const bytes = new TextBytes();
  try {
    for await (const chunk of process.stdin) bytes.add(chunk as Buffer);
    return { ...STDIN, text: bytes.text() };
  } catch (error) {
    if (error instanceof RefusedText) return { ...STDIN, problem: error.problem };
    throw new UsageError(`standard input cannot be read: ${(error as Error).message}`);
  }
}
