// Checks the built site without a browser and without the internet
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { load } from 'cheerio'
import { createMarkdownRenderer } from 'vitepress'

import { markdown } from './.vitepress/markdown.mjs'
import { pageOf, readIndex, repository, root, unlisted } from './.vitepress/pages.mjs'
import { base, home } from './.vitepress/url.mjs'

// The javadoc tool of some JDKs writes these
const defectsOfJavadoc = [
  'javadoc/constant-values.html: #io.github: no such anchor',
  'javadoc/stylesheet.css: resources/fonts/dejavu.css: no such file'
]

const { anchor } = markdown
const parser = await createMarkdownRenderer(root, { anchor })
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0')
const isTracked = (path) => tracked.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`))

const isFile = (file) => existsSync(file) && statSync(file).isFile()

function filesIn(directory, extension) {
  return readdirSync(directory, { recursive: true }).filter((file) => file.endsWith(extension)).sort()
}

const idsIn = ($) => $('[id], a[name]').map((_, element) => $(element).attr('id') ?? $(element).attr('name')).get()

/** Returns the links and images of Markdown, also those without brackets and those in HTML, and the anchors of headings. */
function parseMarkdown(text) {
  const urls = []
  const ids = new Set()
  for (const token of parser.parse(text, {}).flatMap((token) => [token, ...token.children ?? []])) {
    if (token.type === 'heading_open') {
      ids.add(token.attrGet('id'))
    } else if (['link_open', 'image'].includes(token.type)) {
      urls.push(token.attrGet('href') ?? token.attrGet('src'))
    } else if (token.type.startsWith('html_')) {
      const $ = load(token.content)
      urls.push(...$('[href], [src]').map((_, element) => $(element).attr('href') ?? $(element).attr('src')).get())
      idsIn($).forEach((id) => ids.add(id))
    }
  }
  return { urls, ids }
}

/**
 * Checks all links, anchors, and resources of the HTML, CSS, Markdown, and text files in a directory.
 * Of links to other hosts, it checks the syntax, and of links to the repository the file and the anchor.
 * Returns the number of each, and the problems.
 */
export function checkLinks(site) {
  const counts = { pages: 0, links: 0, anchors: 0, images: 0, javadoc: 0, repository: 0, external: 0, resources: 0, markdown: 0 }
  const problems = []
  const ids = new Map()
  const references = []

  for (const page of filesIn(site, '.html')) {
    counts.pages++
    const $ = load(readFileSync(join(site, page), 'utf8'))
    ids.set(page, new Set(idsIn($)))
    $('a[href], area[href]').each((_, element) => references.push({ page, kind: 'links', url: $(element).attr('href') }))
    $('img[src]').each((_, element) => references.push({ page, kind: 'images', url: $(element).attr('src') }))
    $('link[href]:not([rel=canonical])').each((_, element) => references.push({ page, kind: 'resources', url: $(element).attr('href') }))
    $('[src]:not(img)').each((_, element) => references.push({ page, kind: 'resources', url: $(element).attr('src') }))
    $('object, video, use').each((_, element) => ['data', 'poster', 'href', 'xlink:href']
      .map((attribute) => $(element).attr(attribute)).filter(Boolean)
      .forEach((url) => references.push({ page, kind: 'resources', url })))
    $('[srcset]').each((_, element) => $(element).attr('srcset').split(',')
      .forEach((candidate) => references.push({ page, kind: 'images', url: candidate.trim().split(/\s/)[0] })))
    $('form[action]').each((_, element) => references.push({ page, kind: 'resources', url: $(element).attr('action') }))
    $('style, [style]').each((_, element) => cssReferences(page, $(element).attr('style') ?? $(element).text()))
  }
  for (const file of filesIn(site, '.css')) {
    cssReferences(file, readFileSync(join(site, file), 'utf8'))
  }
  for (const file of filesIn(site, '.svg')) {
    ids.set(file, new Set(idsIn(load(readFileSync(join(site, file), 'utf8')))))
  }
  for (const file of [...filesIn(site, '.md'), ...filesIn(site, '.txt')]) {
    const parsed = parseMarkdown(readFileSync(join(site, file), 'utf8'))
    ids.set(file, parsed.ids)
    for (const url of parsed.urls) {
      references.push({ page: file, kind: 'markdown', url: url.startsWith(home) ? base + url.slice(home.length) : url })
    }
  }
  references.forEach(check)
  return { counts, problems: problems.filter((problem) => !defectsOfJavadoc.includes(problem)) }

  function cssReferences(page, css) {
    for (const [, , url, , imported] of css.matchAll(/url\(\s*(['"]?)(.+?)\1\s*\)|@import\s+(['"])(.+?)\3/g)) {
      references.push({ page, kind: 'resources', url: url ?? imported })
    }
  }

  function check({ page, kind, url }) {
    const report = (problem) => problems.push(`${page}: ${url}: ${problem}`)
    if (url.startsWith('data:') || (kind === 'links' && url.startsWith('javascript:') && page.startsWith('javadoc/'))) {
      return
    }
    counts[kind]++
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) {
      return checkExternal(kind, url, report)
    }
    const [, path, , anchor] = url.match(/^([^?#]*)(\?[^#]*)?(?:#(.*))?$/)
    if (path.startsWith('/') && !path.startsWith(base)) {
      return report(`not below ${base}`)
    }
    const absolute = path.startsWith('/') ? join(site, path.slice(base.length)) : resolve(site, dirname(page), decodeURI(path))
    let target = path === '' ? page : relative(site, absolute).split(sep).join('/')
    if (path.endsWith('/')) {
      target = join(target, 'index.html')
    }
    if (target.startsWith('javadoc/') && !page.startsWith('javadoc/')) {
      counts.javadoc++
    }
    if (!isFile(join(site, target))) {
      return report('no such file')
    }
    if (anchor) {
      counts.anchors++
      checkAnchor(anchor, ids.get(target), report)
    }
  }

  function checkAnchor(anchor, known, report) {
    if (!known?.has(anchor) && !known?.has(decodeURIComponent(anchor))) {
      report('no such anchor')
    }
  }

  function checkExternal(kind, url, report) {
    if (!['links', 'markdown'].includes(kind)) {
      return report('loaded from another host')
    }
    counts.external++
    if (!URL.canParse(url)) {
      return report('malformed')
    }
    const { protocol, hostname } = new URL(url)
    if (!['https:', 'mailto:'].includes(protocol) && !(protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname))) {
      report('expected https')
    }
    const [, file, anchor] = url.match(`^${repository}/(?:blob|tree|edit|raw)/main/([^?#]+)(?:\\?[^#]*)?(?:#(.+))?$`) ?? []
    if (file) {
      counts.repository++
      if (!isTracked(decodeURI(file))) {
        report('no such file in the repository')
      } else if (anchor && file.endsWith('.md')) {
        counts.anchors++
        checkAnchor(anchor, parseMarkdown(readFileSync(join(root, decodeURI(file)), 'utf8')).ids, report)
      }
    }
  }
}

/** Checks that exactly the home page, the pages in the index, and a few others were built. */
export function checkPages(site, files) {
  const expected = files.map((file) => pageOf(file).replace(/\.md$/, '.html'))
  const built = filesIn(site, '.html').filter((page) => !page.startsWith('javadoc/') && page !== '404.html')
  return [
    ...expected.filter((page) => !built.includes(page)).map((page) => `${page}: not built`),
    ...built.filter((page) => !expected.includes(page)).map((page) => `${page}: not in docs/README.md`)
  ]
}

/** Checks that each page of the documentation was built and is in its own sidebar, once. */
export function checkSidebar(site, docs) {
  return docs.flatMap((file) => {
    const page = pageOf(file).replace(/\.md$/, '.html')
    if (!isFile(join(site, page))) {
      return `${file}: not built`
    }
    const entries = load(readFileSync(join(site, page), 'utf8'))(`.VPSidebar a[href="${base}${page}"]`)
    return entries.length === 1 ? [] : `${file}: ${entries.length} entries in the sidebar instead of 1. List it in docs/README.md`
  })
}

/** Checks that the search index exists and contains each page. */
export async function checkSearch(site, docs) {
  const chunks = join(site, 'assets/chunks')
  const file = readdirSync(chunks).find((name) => name.includes('localSearchIndex'))
  if (!file) {
    return ['No search index in assets/chunks']
  }
  const { default: index } = await import(pathToFileURL(join(chunks, file)))
  const documents = new Set(Object.values(JSON.parse(index).documentIds).map((id) => id.replace(/#.*/, '')))
  return docs.filter((page) => !documents.has(base + pageOf(page).replace(/\.md$/, '.html')))
    .map((page) => `${page}: not in the search index`)
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const site = process.argv[2] ?? join(root, 'site/target/site')
  const docs = filesIn(join(root, 'docs'), '.md').map((file) => `docs/${file}`)
  const { counts, problems } = checkLinks(site)
  const pages = ['site/index.md', ...unlisted, ...readIndex().flatMap((section) => section.pages.map(({ file }) => file))]
  problems.push(...checkPages(site, pages), ...checkSidebar(site, docs), ...await checkSearch(site, docs))
  for (const file of ['javadoc/index.html', 'llms.txt', 'llms-full.txt']) {
    if (!isFile(join(site, file))) {
      problems.push(`${file} is missing`)
    }
  }
  if (problems.length > 0) {
    console.error(problems.join('\n'))
    console.error(`${problems.length} problems`)
    process.exit(1)
  }
  console.log(`Checked ${docs.length} pages of docs, and ${Object.entries(counts).map(([kind, count]) => `${count} ${kind}`).join(', ')}`)
}
