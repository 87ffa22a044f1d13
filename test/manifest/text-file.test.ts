import { LARGEST_TEXT, RefusedText, TextBytes } from '../../src/manifest/text-file';

test('any number of chunks are one string, even if a character is split', () => {
  const bytes = new TextBytes();
  for (const byte of Buffer.from('é\n\u{1F600}')) bytes.add(Buffer.from([byte]));
  expect(bytes.text()).toBe('é\n\u{1F600}');
});

test('an endless stream is rejected when it is too long', () => {
  const bytes = new TextBytes();
  const chunk = Buffer.alloc(LARGEST_TEXT / 4, 'a');
  for (let i = 0; i < 4; i++) bytes.add(chunk);
  expect(() => bytes.add(Buffer.from('a'))).toThrow(new RefusedText({ message: 'it has more than 256 MB', repair: '' }));
});
