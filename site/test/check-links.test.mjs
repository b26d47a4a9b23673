import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

import { checkLinks, checkSearch, checkSidebar } from '../check-links.mjs'

const directories = []
after(() => directories.forEach((directory) => rmSync(directory, { recursive: true })))

function site(files) {
  const directory = mkdtempSync(join(tmpdir(), 'site-'))
  directories.push(directory)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

function problems(html, files = {}) {
  return checkLinks(site({ 'guide/page.html': html, ...files })).problems
}

test('existing page, anchor, and image have no problem', () => {
  const html = '<h2 id="setup">Setup</h2><a href="#setup"></a><a href="/other.html#über"></a><img src="../a.png">'
  assert.deepEqual(problems(html, { 'other.html': '<p id="über">', 'a.png': '' }), [])
})

const broken = {
  'missing page': ['<a href="/missing.html">', 'no such file'],
  'missing relative page': ['<a href="missing.html">', 'no such file'],
  'missing directory': ['<a href="/javadoc/">', 'no such file'],
  'missing anchor on the same page': ['<a href="#missing">', 'no such anchor'],
  'missing anchor on another page': ['<a href="/other.html#missing">', 'no such anchor'],
  'missing image': ['<img src="missing.png">', 'no such file'],
  'malformed address': ['<a href="https://exa mple/">', 'malformed'],
  'unencrypted address': ['<a href="http://example.com/">', 'expected https'],
  'missing file in the repository': [
    '<a href="https://github.com/polar-spring/polar-spring/blob/main/missing.txt">',
    'no such file in the repository'
  ],
  'script of another host': ['<script src="https://cdn.example/a.js"></script>', 'loaded from another host'],
  'image of another host': ['<img src="//cdn.example/a.png">', 'loaded from another host'],
  'style sheet of another host': ['<link rel="stylesheet" href="https://cdn.example/a.css">', 'loaded from another host'],
  'font of another host': ['<style>@font-face{src:url(https://cdn.example/a.woff2)}</style>', 'loaded from another host'],
  'imported style of another host': ['<style>@import "https://cdn.example/a.css";</style>', 'loaded from another host']
}
for (const [name, [html, problem]] of Object.entries(broken)) {
  test(`${name} is a problem`, () => {
    const found = problems(html, { 'other.html': '<p id="a">' })
    assert.equal(found.length, 1)
    assert.ok(found[0].startsWith('guide/page.html: ') && found[0].endsWith(`: ${problem}`), found[0])
  })
}

test('missing page in llms.txt is a problem', () => {
  const { problems } = checkLinks(site({ 'llms.txt': '- [Usage](/reference/usage.md): description' }))
  assert.deepEqual(problems, ['llms.txt: /reference/usage.md: no such file'])
})

test('page outside of the sidebar is a problem', () => {
  const built = site({
    'reference/usage.html': '<nav class="VPSidebar"><a href="/reference/usage.html"></a></nav>',
    'reference/orders.html': '<nav class="VPSidebar"><a href="/reference/usage.html"></a></nav>'
  })
  assert.deepEqual(checkSidebar(built, ['docs/reference/usage.md']), [])
  assert.match(checkSidebar(built, ['docs/reference/orders.md'])[0], /0 entries in the sidebar/)
  assert.match(checkSidebar(built, ['docs/reference/portal.md'])[0], /not built/)
})

test('missing search index and missing page in it are problems', async () => {
  const chunk = `export default ${JSON.stringify(JSON.stringify({ documentIds: { 0: '/reference/usage.html#setup' } }))}`
  const built = site({ 'assets/chunks/@localSearchIndexroot.a.mjs': chunk })
  assert.deepEqual(await checkSearch(built, ['docs/reference/usage.md']), [])
  assert.deepEqual(await checkSearch(built, ['docs/reference/orders.md']), ['docs/reference/orders.md: not in the search index'])
  assert.equal((await checkSearch(site({ 'assets/chunks/app.js': '' }), [])).length, 1)
})
