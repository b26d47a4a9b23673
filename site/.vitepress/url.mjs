// The URL at which the site is published, with the path if it is not at the root of the host
const url = process.env.SITE_URL && new URL(process.env.SITE_URL.replace(/\/*$/, '/'))

export const base = url?.pathname ?? '/'
export const home = url?.href ?? base
