import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'

import { createMarkdownRenderer, resolveConfig } from 'vitepress'

import config from '../.vitepress/config.mjs'
import { markdown } from '../.vitepress/markdown.mjs'
import {
  pageOf, portableMarkdown, readIndex, readInstructions, repository, resolveLink, root, section, topLevel
} from '../.vitepress/pages.mjs'

const renderer = await createMarkdownRenderer(root, markdown, '/')
const render = (text, file = 'docs/reference/usage.md') => renderer.render(text, { path: `${root}/${file}`, relativePath: file })

test('links between pages stay in the site', () => {
  assert.equal(resolveLink('inbox.md#setup', 'docs/reference/usage.md'), '/reference/inbox.md#setup')
  assert.equal(resolveLink('../how-to/seats.md', 'docs/reference/usage.md'), '/how-to/seats.md')
  assert.equal(resolveLink('../../CHANGELOG.md', 'docs/project/support.md'), '/changelog.md')
  assert.equal(resolveLink('docs/README.md', 'README.md'), '/documentation.md')
})

test('links to other files lead to the repository', () => {
  assert.equal(repository, 'https://github.com/polar-spring/polar-spring')
  assert.equal(resolveLink('../../pom.xml', 'docs/reference/usage.md'), `${repository}/blob/main/pom.xml`)
  assert.equal(resolveLink('../quickstart', 'docs/reference/usage.md'), `${repository}/tree/main/docs/quickstart`)
  assert.equal(resolveLink('../README.md', 'docs/README.md'), `${repository}/blob/main/README.md`)
})

test('links to missing files fail', () => {
  assert.throws(() => resolveLink('missing.md', 'docs/reference/usage.md'), /docs\/reference\/missing\.md does not exist/)
})

test('links elsewhere and on the page do not change', () => {
  for (const link of ['https://polar.sh', 'http://localhost:8080/', '//host/', '#setup', 'mailto:a@example.com']) {
    assert.equal(resolveLink(link, 'docs/reference/usage.md'), link)
  }
})

test('rendered links are those of the site', () => {
  assert.match(render('[Inbox](inbox.md#setup)'), /href="\/reference\/inbox\.html#setup"/)
})

test('braces are not evaluated by Vue', () => {
  assert.match(render('Text {{ 1 + 1 }}'), /Text &#123;&#123; 1 \+ 1 }}/)
  assert.match(render('`{{ 1 + 1 }}`'), /<code>&#123;&#123; 1 \+ 1 }}<\/code>/)
  assert.match(render('```html\n{{ 1 }}\n```'), /<pre[^>]* v-pre=/)
})

test('names can break after a dot, but not in fenced code', () => {
  assert.match(render('`polar.checkout.theme`'), /<code>polar\.<wbr>checkout\.<wbr>theme<\/code>/)
  assert.match(render('`<a href="b.html">`'), /<code>&lt;a href=&quot;b\.<wbr>html&quot;&gt;<\/code>/)
  assert.doesNotMatch(render('```text\npolar.checkout.theme\n```'), /<wbr>/)
})

test('empty headers of tables are plain cells', () => {
  const html = render('| | Java |\n| --- | --- |\n| a | b |')
  assert.match(html, /<thead>\s*<tr>\s*<td><\/td>\s*<th>Java<\/th>/)
})

test('scrollable tables are regions with different names', () => {
  const table = '| a |\n| --- |\n| b |\n\n'
  const html = render(`${table}## The \`polar\` "prefix"\n\n${table}Text\n\n${table}`)
  assert.deepEqual([...html.matchAll(/<div class="table" tabindex="0" role="region" aria-label="([^"]+)"><table>/g)].map(([, name]) => name),
    ['Table', 'The polar &quot;prefix&quot;', 'The polar &quot;prefix&quot; (2)'])
})

test('anchors are those of GitHub', () => {
  const html = render("## 5. The application's HTTP client\n\n## `usage.consume(…)`\n\n## Setup\n\n## Setup\n")
  assert.deepEqual([...html.matchAll(/<h2 id="([^"]+)"/g)].map(([, id]) => id),
    ['5-the-applications-http-client', 'usageconsume', 'setup', 'setup-1'])
})

test('Markdown for other readers has absolute links', () => {
  const text = portableMarkdown('docs/README.md', 'https://docs.example/')
  assert.match(text, /\(https:\/\/docs\.example\/reference\/usage\.md\)/)
  assert.doesNotMatch(text, /\]\((?!https:)/)
})

test('images in Markdown for other readers are files, not pages of GitHub', () => {
  const text = portableMarkdown('docs/tutorial/first-sale.md', '/')
  assert.match(text, /!\[[^\]]+\]\(https:\/\/github\.com\/polar-spring\/polar-spring\/raw\/main\/docs\/images\/[\w/-]+\.png\)/)
  assert.doesNotMatch(text, /\/blob\/[^)]+\.png/)
})

test('other Markdown files are not pages', async () => {
  for (const file of ['NOTES.md', 'README.md', 'site/README.md', 'site/test/NOTES.md', 'polar-fake/NOTES.md']) {
    assert.equal(pageOf(file), undefined, file)
    assert.throws(() => config.rewrites(file), /is not a page/)
  }
  const { pages } = await resolveConfig(`${root}/site`, 'build', 'production')
  assert.deepEqual(pages.filter((file) => !file.startsWith('docs/')), [...Object.keys(topLevel), 'site/index.md'])
})

test('index has sections with titles, files, and descriptions', () => {
  const index = readIndex()
  assert.ok(index.some(({ title }) => title === 'Reference'))
  for (const { title, file, description } of index.flatMap(({ pages }) => pages)) {
    assert.ok(title && description, file)
    assert.ok(existsSync(`${root}/${file}`), file)
  }
})

test('missing section fails', () => {
  assert.throws(() => section('README.md', 'Missing'), /no section 'Missing'/)
})

test('instructions for coding agents have no headings', () => {
  const instructions = readInstructions()
  assert.match(instructions, /^\*\*Payments: Polar, with polar-spring\*\*$/m)
  assert.match(instructions, /@PolarCheckout\("pro"\)/)
  assert.match(instructions, /^\*\*Never\*\*$/m)
  assert.doesNotMatch(instructions, /^#/m)
})
