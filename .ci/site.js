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
// what a link's #anchor points to, shown: folded sections open
function reveal() {
  const at = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  const folds = [at?.querySelector(':scope > details.folded')]
  for (let e = at; e; e = e.parentElement) if (e.matches('details')) folds.push(e)
  const closed = folds.filter(fold => fold && !fold.open)
  for (const fold of closed) fold.open = true
  if (closed.length) at.scrollIntoView()
}
addEventListener('hashchange', reveal)
addEventListener('click', event => {  // the same link once more: no change of the hash
  const link = event.target.closest?.('a[href*="#"]')
  if (link && link.href == location.href) reveal()
})
reveal()
