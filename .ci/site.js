// What a page does beside smalldocs.js. Files, not handlers in the page, so that a strict Content-Security-Policy may hold.
for (const [name, act] of Object.entries({scheme: () => smalldocsToggleScheme(), top: () => scrollTo(0, 0)})) {
  for (const link of document.querySelectorAll(`[data-does="${name}"]`)) {
    link.addEventListener('click', event => { event.preventDefault(); act() })
  }
}
// the entry of the sidebar that one is on, in sight
const sidebar = document.querySelector('#quarto-sidebar'), here = sidebar?.querySelector('.active')
if (here && sidebar.offsetParent) {
  const box = sidebar.getBoundingClientRect(), at = here.getBoundingClientRect()
  sidebar.scrollTop += at.top - box.top - box.height / 3
}
