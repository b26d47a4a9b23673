import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { defineConfig } from 'vitepress'

import { accessibility } from './accessibility.mjs'
import { markdown } from './markdown.mjs'
import { pageOf, portableMarkdown, readIndex, readInstructions, readPitch, readText, repository, root, section, topLevel, unlisted } from './pages.mjs'
import { base, home } from './url.mjs'

const title = 'Polar for Spring Boot'
const pitch = readPitch()
const index = readIndex()
const pages = index.flatMap((section) => section.pages)

const link = (file) => `/${pageOf(file)}`
const directory = (section) => `/${dirname(pageOf(section.pages[0].file))}/`
const sidebar = (section, others = []) => [
  { text: 'All pages', link: link('docs/README.md') },
  {
    text: section.title,
    items: [...section.pages.map(({ title, file }) => ({ text: title, link: link(file) })), ...others]
  }
]
const project = sidebar(index.at(-1), [
  { text: 'Changelog', link: link('CHANGELOG.md') },
  { text: 'Building and rules', link: link('CONTRIBUTING.md') },
  { text: 'Security', link: link('SECURITY.md') }
])

export default defineConfig({
  srcDir: '..',
  // all but pages, see pageOf
  srcExclude: [`!(docs|site|${Object.keys(topLevel).join('|')})`, 'site/!(index.md)'],
  rewrites(file) {
    const page = pageOf(file)
    if (!page) {
      throw new Error(`${file} is not a page`)
    }
    return page
  },
  outDir: 'target/site',
  cacheDir: 'target/cache',
  base,
  lang: 'en-US',
  title,
  description: pitch.replaceAll(/\[(.+?)\]\(.+?\)/g, '$1'),
  head: [
    ['link', { rel: 'icon', href: `${base}logo.svg`, type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#0d6b5c' }]
  ],
  sitemap: process.env.SITE_URL && { hostname: home },
  ignoreDeadLinks: 'localhostLinks',
  markdown,
  themeConfig: {
    logo: '/logo.svg',
    nav: [
      ...index.map((section) => ({
        text: section.title,
        link: link(section.pages[0].file),
        activeMatch: `^${directory(section)}`
      })),
      { text: 'Javadoc', link: '/javadoc/index.html', target: '_self' }
    ],
    sidebar: { ...Object.fromEntries(index.map((section) => [directory(section), sidebar(section)])), '/project/': project, '/': project },
    outline: 'deep',
    externalLinkIcon: true,
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: {
      pattern: `${repository}/edit/main/:path`,
      text: 'Edit this page'
    },
    footer: {
      message: `<a href="${repository}/blob/main/LICENSE">Apache License 2.0</a>`
    }
  },
  vite: {
    publicDir: join(root, 'site/public'),
    plugins: [
      accessibility,
      {
        // pages outside of this directory use the packages in its node_modules
        name: 'packages-of-the-site',
        enforce: 'pre',
        resolveId(id, importer) {
          if (/^vue(\/|$)/.test(id) && importer?.endsWith('.md')) {
            return this.resolve(id, join(root, 'site/index.md'), { skipSelf: true })
          }
        }
      },
      {
        // replaces "<!-- README.md#Features -->" on the home page by that section of the README
        name: 'sections-of-the-readme',
        enforce: 'pre',
        transform(code, id) {
          if (id.endsWith('/site/index.md')) {
            return code.replace(/<!-- README\.md#(.+?) -->/g, (_, heading) =>
              section('README.md', heading).replaceAll('](docs/images/', '](../docs/images/')
            )
          }
        }
      }
    ]
  },
  transformPageData(page) {
    const { description } = pages.find(({ file }) => file === page.filePath) ?? {}
    return description && { description: description.replaceAll('`', '') }
  },
  buildEnd({ outDir }) {
    const javadoc = join(root, 'target/reports/apidocs')
    if (existsSync(javadoc)) {
      cpSync(javadoc, join(outDir, 'javadoc'), { recursive: true })
    }

    const write = (file, text) => {
      mkdirSync(dirname(join(outDir, file)), { recursive: true })
      writeFileSync(join(outDir, file), text)
    }
    for (const file of [...pages.map(({ file }) => file), ...unlisted]) {
      write(pageOf(file), portableMarkdown(file, home))
    }
    const list = index.map((section) => [
      `## ${section.title}`,
      section.pages.map(({ title, file, description }) => `- [${title}](${home}${pageOf(file)}): ${description}`).join('\n')
    ])
    write('llms.txt', `${[`# ${title}`, `> ${pitch}`, readInstructions(), ...list.flat()].join('\n\n')}\n`)
    write('llms-full.txt', pages.map(({ file }) => portableMarkdown(file, home)).join('\n'))
  }
})
