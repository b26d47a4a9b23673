// Corrects roles and names in components of VitePress. Fails if a component no longer contains the replaced text
const corrections = {
  'VPNavBarSearchButton.vue': [
    // the name of the button is what its text says
    ['<kbd class="DocSearch-Button-Key">K</kbd>', '<kbd class="DocSearch-Button-Key" data-key="K"></kbd>']
  ],
  'VPLocalSearchBox.vue': [
    // a dialog is not a button, and an option cannot contain a link but can be one
    ['role="button"', 'role="dialog" aria-modal="true"'],
    [/:aria-owns="[^"]+"\s+aria-expanded="true"\s+aria-haspopup="listbox"/, ''],
    ['aria-autocomplete="both"', 'role="combobox" aria-autocomplete="list" :aria-expanded="results?.length ? \'true\' : \'false\'"'],
    [
      /:id="'localsearch-item-' \+ index"\s+:aria-selected="selectedIndex === index \? 'true' : 'false'"\s+role="option"/,
      'role="presentation"'
    ],
    [
      /:aria-label="\[\.\.\.p\.titles, p\.title\]\.join\(' > '\)"/,
      ':id="\'localsearch-item-\' + index" :aria-selected="selectedIndex === index ? \'true\' : \'false\'" role="option"'
    ],
    ['<span class="title-icon">', '<span class="title-icon" aria-hidden="true">'],
    // a key cannot have a name
    ['<div class="search-keyboard-shortcuts">', '<div class="search-keyboard-shortcuts" aria-hidden="true">']
  ]
}

export const accessibility = {
  name: 'accessible-components',
  enforce: 'pre',
  transform(code, id) {
    const component = id.match(/\/theme-default\/components\/(\w+\.vue)$/)?.[1]
    return corrections[component]?.reduce((text, [from, to]) => {
      const corrected = text.replace(from, to)
      if (corrected === text) {
        throw new Error(`${component} does not contain ${from}`)
      }
      return corrected
    }, code)
  }
}
