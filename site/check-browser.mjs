// Opens each page of the built site in Chromium, wide and narrow, light and dark, and takes screenshots
import { createReadStream, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

import axe from 'axe-core'
import { chromium } from 'playwright-core'

import { root } from './.vitepress/pages.mjs'
import { base } from './.vitepress/url.mjs'

const site = join(root, 'site/target/site')
const screenshots = join(root, 'site/target/screenshots')
const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
// a page that does not exist
const missing = 'missing.html'
const problems = []
const counts = { pages: 0, widths: 0, axe: 0, focused: 0 }

const types = {
  '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.md': 'text/markdown',
  '.png': 'image/png', '.svg': 'image/svg+xml', '.txt': 'text/plain', '.woff2': 'font/woff2'
}
const server = createServer((request, response) => {
  const path = decodeURI(new URL(request.url, 'http://localhost').pathname)
  const file = join(site, path.slice(base.length), path.endsWith('/') ? 'index.html' : '')
  const found = path.startsWith(base) && existsSync(file) && statSync(file).isFile()
  response.writeHead(found ? 200 : 404, { 'content-type': `${types[extname(found ? file : '.html')]}; charset=utf-8` })
  createReadStream(found ? file : join(site, '404.html')).pipe(response)
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${server.address().port}`

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync']
})

/** Opens a page in its own window. Chromium slows down all but one tab of a window. */
async function open(path) {
  const page = await browser.newPage({ viewport: desktop, colorScheme: 'light', reducedMotion: 'reduce' })
  await page.addInitScript(axe.source)
  // transitions would give colors in between
  await page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
    document.head.append(Object.assign(document.createElement('style'), { textContent: '*{transition:none!important}' }))
  }))
  const report = (problem) => {
    if (!page.url().includes('/javadoc/')) {
      problems.push(`${page.url()}: ${problem}`)
    }
  }
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:')) {
      report(`requests ${request.url()}`)
    }
  })
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.url().endsWith(missing)) {
      report(`${response.url()} has status ${response.status()}`)
    }
  })
  page.on('pageerror', (error) => report(error))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith(missing)) {
      report(message.text())
    }
  })
  await go(page, path)
  return page
}

async function go(page, path) {
  await page.goto(origin + base + path)
  await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__)
}

/** Changes the size of the window, and waits until the page has observed it. */
async function setSize(page, size) {
  await page.setViewportSize(size)
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

async function setDark(page, dark) {
  await page.evaluate((value) => document.documentElement.classList.toggle('dark', value), dark)
}

async function checkAxe(page, name, rules) {
  counts.axe++
  const violations = await page.evaluate(async (only) => {
    const result = await window.axe.run({ resultTypes: ['violations'], ...(only && { runOnly: only }) })
    return result.violations.map(({ id, nodes }) => ({ id, targets: nodes.map(({ target, any }) => `${target} ${any[0]?.message ?? ''}`) }))
  }, rules)
  for (const { id, targets } of violations) {
    problems.push(`${name}: ${id}: ${targets.slice(0, 3).join('; ')}${targets.length > 3 ? `, and ${targets.length - 3} more` : ''}`)
  }
}

async function checkWidth(page, name) {
  counts.widths++
  const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  if (content > width) {
    problems.push(`${name}: the content has ${content} px, but the window ${width} px`)
  }
}

async function screenshot(page, name) {
  await page.screenshot({ path: join(screenshots, `${name}.png`) })
}

/** Checks a page in each width and color scheme. The color scheme only affects contrast. */
async function checkPage(page, path) {
  counts.pages++
  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    await setSize(page, viewport)
    await checkWidth(page, `${path} (${size})`)
    for (const scheme of ['light', 'dark']) {
      await setDark(page, scheme === 'dark')
      await checkAxe(page, `${path} (${size}, ${scheme})`, scheme === 'dark' ? ['color-contrast'] : undefined)
      if (['index.html', 'reference/checkout.html'].includes(path)) {
        await screenshot(page, `${path.replace(/^.*\/|\.html$/g, '')}-${size}-${scheme}`)
      }
    }
    await setDark(page, false)
  }
  await setSize(page, desktop)
}

const paths = readdirSync(site, { recursive: true })
  .filter((file) => file.endsWith('.html') && !file.startsWith('javadoc/') && file !== '404.html')
paths.push(missing)

/** Checks the pages that no other window has checked. */
async function checkPages() {
  const page = await open('index.html')
  for (let path = paths.pop(); path; path = paths.pop()) {
    await go(page, path)
    await checkPage(page, path)
  }
  await page.close()
}

async function expect(name, condition) {
  try {
    await condition()
  } catch (error) {
    problems.push(`${name}: ${error.message.split('\n')[0]}`)
  }
}

async function openSearch(page) {
  await page.locator('.VPNavBarSearch button').first().click()
  await page.locator('.VPLocalSearchBox input').fill('license keys')
  await page.locator('.VPLocalSearchBox a[href*="/how-to/license-keys.html"]').first().waitFor({ timeout: 20000 })
}

async function checkSearch(size, viewport) {
  await expect(`search (${size})`, async () => {
    const page = await open('index.html')
    await setSize(page, viewport)
    await openSearch(page)
    for (const scheme of ['light', 'dark']) {
      await setDark(page, scheme === 'dark')
      await checkAxe(page, `search (${size}, ${scheme})`)
      await checkWidth(page, `search (${size}, ${scheme})`)
      await screenshot(page, `search-${size}-${scheme}`)
    }
    await page.locator('.VPLocalSearchBox a[href*="/how-to/license-keys.html"]').first().click()
    await page.waitForURL('**/how-to/license-keys.html*')
    await page.close()
  })
}

async function checkMenus() {
  await expect('menus of a phone', async () => {
    const page = await open('reference/usage.html')
    await setSize(page, phone)
    await page.locator('.VPNavBarHamburger').click()
    await page.locator('.VPNavScreen').getByRole('link', { name: 'Explanation' }).waitFor({ timeout: 20000 })
    await checkAxe(page, 'navigation of a phone')
    await screenshot(page, 'navigation-phone-light')
    await page.locator('.VPNavBarHamburger').click()
    await page.locator('.VPLocalNav .menu').click()
    await page.locator('.VPSidebar.open').getByRole('link', { name: 'Quotas', exact: true }).waitFor({ timeout: 20000 })
    await checkAxe(page, 'sidebar of a phone')
    await screenshot(page, 'sidebar-phone-light')
    await page.locator('.VPSidebar.open').getByRole('link', { name: 'Quotas', exact: true }).click()
    await page.waitForURL('**/reference/quotas.html')
    await page.close()
  })
}

async function checkJavadoc() {
  await expect('Javadoc', async () => {
    const page = await open('index.html')
    await page.locator('.VPNavBarMenu').getByRole('link', { name: 'Javadoc' }).click()
    await page.getByRole('link', { name: 'io.github.polarspring.checkout', exact: true }).first().waitFor({ timeout: 20000 })
    await page.close()
  })
}

/** Returns the contrast of the ring of the focused element with the background around it, in light and in dark mode. */
function measureFocus() {
  const element = document.activeElement
  const channels = (color) => color.match(/[\d.]+/g).map(Number)
  const blend = (color, below) => {
    const [red, green, blue, alpha = 1] = channels(color)
    return [red, green, blue].map((value, index) => value * alpha + below[index] * (1 - alpha))
  }
  const luminance = (color) => color.map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0)
  const around = () => {
    const backgrounds = []
    // a ring with a negative offset is inside of the element
    let parent = parseFloat(getComputedStyle(element).outlineOffset) < 0 ? element : element.parentElement
    for (; parent; parent = parent.parentElement) {
      backgrounds.unshift(getComputedStyle(parent).backgroundColor)
    }
    return backgrounds.reduce((below, color) => blend(color, below), [255, 255, 255])
  }
  const contrast = () => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element)
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) {
      return 1
    }
    const background = around()
    const [dark, light] = [blend(outlineColor, background), background].map(luminance).sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const contrasts = [false, true].map((dark) => {
    document.documentElement.classList.toggle('dark', dark)
    return contrast()
  })
  document.documentElement.classList.remove('dark')
  const known = element === document.body || 'visited' in element.dataset
  element.dataset.visited = ''
  return { known, html: element.outerHTML.slice(0, 80), contrasts }
}

/** Presses the Tab key until the focus returns, and checks that each focused element has a visible ring in both color schemes. */
async function checkFocus(page, name) {
  let stops = 0
  await page.evaluate(() => document.querySelectorAll('[data-visited]').forEach((element) => delete element.dataset.visited))
  for (; stops < 1000; stops++) {
    await page.keyboard.press('Tab')
    const { known, html, contrasts } = await page.evaluate(measureFocus)
    if (known) {
      break
    }
    contrasts.forEach((contrast, dark) => {
      if (contrast < 3) {
        problems.push(`focus (${name}, ${dark ? 'dark' : 'light'}): ${html} has a ring with contrast ${contrast.toFixed(1)}`)
      }
    })
  }
  if (stops < 3 || stops === 1000) {
    problems.push(`focus (${name}): the Tab key reaches ${stops} elements`)
  }
  counts.focused += stops
}

/** Checks the focus on the home page, on a page with wide tables, and in the search. */
async function checkFocusOfPages(size, viewport) {
  await expect(`focus (${size})`, async () => {
    const page = await open('index.html')
    await setSize(page, viewport)
    await checkFocus(page, `index.html, ${size}`)
    await go(page, 'reference/checkout.html')
    await checkFocus(page, `reference/checkout.html, ${size}`)
    await openSearch(page)
    await checkFocus(page, `search, ${size}`)
    await page.close()
  })
}

mkdirSync(screenshots, { recursive: true })
async function checkMore() {
  await checkSearch('desktop', desktop)
  await checkSearch('phone', phone)
  await checkMenus()
  await checkJavadoc()
  await checkFocusOfPages('desktop', desktop)
  await checkFocusOfPages('phone', phone)
}

try {
  // two windows at a time
  await Promise.all([checkPages(), checkMore().then(checkPages)])
} finally {
  await browser.close()
  server.close()
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  console.error(`${problems.length} problems`)
  process.exit(1)
}
console.log(`Checked ${counts.pages} pages in Chromium: ${counts.axe} runs of axe, ${counts.widths} widths, ${counts.focused} focused elements`)
