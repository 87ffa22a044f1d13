import { markdownText } from '../../src/cli/diff/markdown-text';

describe('a name in Markdown', () => {
  test.each([
    ['@octocat', '<span>@</span>octocat'],
    ['fixes #1', 'fixes <span>\\#</span>1'],
    ['https://evil.example', 'https<span>:</span>//evil.example'],
    ['WWW.evil.example', 'WWW<span>.</span>evil.example'],
    ['catalog:80', 'catalog:80'],
  ])('%s is neither a link nor a mention nor an issue, because an element divides its text', (name, shown) => {
    expect(markdownText(name)).toBe(shown);
  });

  test.each([
    ['a|b', 'a\\|b'], ['<img src=x>', '&lt;img src=x&gt;'], ['&lt;', '&amp;lt;'], ['`a` ~~b~~', '\\`a\\` \\~\\~b\\~\\~'], ['a\nb', 'a\\\\u000ab'],
  ])('%j is shown literally', (name, shown) => {
    expect(markdownText(name)).toBe(shown);
  });
});
